import { GraphError, makeGraph, type Graph } from '../../graph/graph';
import type { Node, Shape } from '../../graph/node';
import { inferShapes, size } from '../../graph/shape';
import { ModelFileError } from '../model-file-error';
import type { Constant } from './constants';
import { readableName } from './node-name';
import type { NodeProto } from './onnx-node';

/** A value of the ONNX model that is computed from the input. */
export interface Value {
  /** The node of the graph that has it. */
  readonly node: string;
  /** How the ONNX model sees an image: channels first, or last where it has transposed it. */
  readonly layout: 'nchw' | 'nhwc';
  /**
   * For a vector that was flattened channels first: the `[h, w, c]` before. The graph's own vector is channels last, so
   * whatever reads it by position has to be reordered.
   */
  readonly order?: Shape;
}

/** The graph as far as it is read: constants, values, and the nodes that make them. */
export class Importer {
  private readonly constants = new Map<string, Constant>();
  private readonly values = new Map<string, Value>();
  private readonly ranges = new Map<string, readonly [min: number, max: number]>();
  private nodes: Node[] = [];
  private readonly shapes = new Map<string, Shape>();

  constructor(private readonly modelName: string) {}

  setConstant(name: string, value: Constant): void {
    this.constants.set(name, value);
  }
  isConstant(name: string): boolean {
    return this.constants.has(name);
  }
  constant(name: string): Constant {
    const found = this.constants.get(name);
    if (!found) throw new ModelFileError(`"${name}" has to be a constant and is computed`);
    return found;
  }

  input(name: string, dims: readonly number[]): void {
    const shape = dims.slice(1);
    if ((shape.length !== 3 && shape.length !== 1) || shape.some((extent) => extent <= 0)) {
      throw new ModelFileError(
        `the input "${name}" has shape [${dims.map((extent) => extent || '?').join(', ')}]; it has to be [batch, channels, height, width] with known numbers`,
        'export the model with a fixed image size; only the batch may be dynamic',
      );
    }
    // Images with 1, 3 or 4 values in their last dimension and more in the first are channels last already.
    const last = shape.length === 3 && [1, 3, 4].includes(shape[2]) && ![1, 3, 4].includes(shape[0]);
    const image = last || shape.length === 1 ? shape : [shape[1], shape[2], shape[0]];
    this.add({ kind: 'input', name: this.unique(name), inputs: [], shape: image }, name, {
      layout: last ? 'nhwc' : 'nchw',
    });
  }

  value(name: string): Value {
    const found = this.values.get(name);
    if (found) return found;
    throw new ModelFileError(
      this.constants.has(name)
        ? `"${name}" is a constant where only computed values are supported`
        : `"${name}" is read before anything computes it: the file is damaged`,
    );
  }
  setValue(name: string, value: Value): void {
    this.values.set(name, value);
  }

  /** The range that a value is clipped to before it is quantized. */
  rangeOf(name: string): readonly [min: number, max: number] | undefined {
    return this.ranges.get(name);
  }
  setRange(name: string, range: readonly [min: number, max: number]): void {
    this.ranges.set(name, range);
  }

  shapeOf(value: Value): Shape {
    return this.shapes.get(value.node) ?? [];
  }
  /** Extents as the ONNX model sees them, without the batch. */
  dimensions(name: string): readonly number[] {
    const value = this.value(name);
    const shape = this.shapeOf(value);
    return shape.length === 3 && value.layout === 'nchw' ? [shape[2], shape[0], shape[1]] : shape;
  }

  /** Adds a node whose output is the ONNX value `output`. */
  add(node: Node, output: string, { layout = 'nchw', order }: Partial<Omit<Value, 'node'>> = {}): void {
    const known = [...new Set(node.inputs)].map((name): Node => ({
      kind: 'input',
      name,
      inputs: [],
      shape: this.shapes.get(name) ?? [],
    }));
    const shape = inferShapes({ name: '', nodes: [...known, node], output: node.name }).get(node.name) ?? [];
    this.nodes.push(node);
    this.shapes.set(node.name, shape);
    this.values.set(output, { node: node.name, layout, ...(order && { order }) });
  }

  /** The node that has a value, for a reader that extends it. */
  nodeOf(value: Value): Node | undefined {
    return this.nodes.find((node) => node.name === value.node);
  }
  isRead(name: string): boolean {
    return this.nodes.some((node) => node.inputs.includes(name));
  }
  replace(node: Node): void {
    this.nodes = this.nodes.map((old) => (old.name === node.name ? node : old));
  }

  /** A readable name that no other node has: from the weight, else from the ONNX node. */
  nameFor(node: NodeProto, weight?: string): string {
    return this.unique(readableName(node, weight));
  }
  unique(wish: string): string {
    for (let n = 1; ; n++) {
      const name = n === 1 ? wish : `${wish}_${n}`;
      if (!this.shapes.has(name)) return name;
    }
  }

  build(output: string): Graph {
    const value = this.value(output);
    if (value.order && size(value.order) !== value.order[2]) {
      throw new ModelFileError('the output is a flattened image', 'a classifier ends in one score for each class');
    }
    try {
      return makeGraph(this.modelName, this.nodes, value.node);
    } catch (error) {
      throw error instanceof GraphError
        ? new ModelFileError(`the model does not fit together: ${error.message}`)
        : error;
    }
  }
}
