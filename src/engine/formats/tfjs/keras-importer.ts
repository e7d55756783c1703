import { makeGraph, type Graph } from '../../graph/graph';
import type { Node, Padding, Pair, Shape, Tensor } from '../../graph/node';
import { resolvePadding } from '../../graph/builder';
import { inferShapes } from '../../graph/shape';
import { ModelFileError } from '../model-file-error';
import { LayerConfig } from './layer-config';
import type { KerasLayer } from './model-json';

/** The graph as far as it is read, and the layer at hand. */
export class KerasImporter {
  private readonly nodes: Node[] = [];
  private readonly shapes = new Map<string, Shape>();
  /** The node that has a layer's output. */
  private readonly outputs = new Map<string, string>();
  config: LayerConfig = new LayerConfig({ class_name: '', config: { name: '' } });
  /** Nodes that the layer at hand reads. */
  inputs: readonly string[] = [];

  constructor(
    private readonly modelName: string,
    private readonly weights: ReadonlyMap<string, Tensor>,
  ) {}

  begin(layer: KerasLayer, inputs: readonly string[]): void {
    this.config = new LayerConfig(layer);
    this.inputs = inputs.map((input) => {
      const node = this.outputs.get(input);
      if (node === undefined) throw this.config.error(`reads "${input}", which does not come before it`);
      return node;
    });
  }

  get inputShape(): Shape {
    return this.shapes.get(this.inputs[0]) ?? [];
  }

  /** Adds a node; the layer's output is that of the last one added. */
  add(node: Node): string {
    const known = [...new Set(node.inputs)].map((name): Node => ({
      kind: 'input',
      name,
      inputs: [],
      shape: this.shapes.get(name) ?? [],
    }));
    const shapes = inferShapes({ name: '', nodes: [...known, node], output: node.name });
    this.nodes.push(node);
    this.shapes.set(node.name, shapes.get(node.name) ?? []);
    this.outputs.set(this.config.name, node.name);
    return node.name;
  }

  /** Lets the layer's output be its input. */
  passOn(): void {
    this.outputs.set(this.config.name, this.inputs[0]);
  }

  weight(param: string): Tensor {
    const name = `${this.config.name}/${param}`;
    const found = this.weights.get(name);
    if (!found) throw this.config.error(`lacks its weight "${name}"`, 'copy or convert the model again');
    return found;
  }
  bias(): { bias?: Tensor } {
    return this.config.flag('use_bias', true) ? { bias: this.weight('bias') } : {};
  }

  /** Strides, dilations and padding of the layer at hand. */
  window(kernel: Pair, strides: Pair): { strides: Pair; dilations: Pair; padding: Padding } {
    const dilations = this.config.pair('dilation_rate', 1);
    const kind = this.config.text('padding', 'valid');
    if (kind !== 'same' && kind !== 'valid')
      throw this.config.error(`has padding ${kind}; same and valid are supported`);
    return { strides, dilations, padding: resolvePadding(kind, this.inputShape, kernel, strides, dilations) };
  }

  /** Adds the activation that a Keras layer may carry. */
  activate(from: string): void {
    const kind = this.config.text('activation', 'linear');
    if (kind === 'linear') return;
    if (kind !== 'relu' && kind !== 'relu6' && kind !== 'sigmoid' && kind !== 'tanh' && kind !== 'softmax') {
      throw this.config.error(`has the activation ${kind}; relu, relu6, sigmoid, tanh and softmax are supported`);
    }
    const name = from === this.config.name ? `${from}/${kind}` : this.config.name;
    this.add({ kind, name, inputs: [from] });
  }

  build(output: string): Graph {
    const node = this.outputs.get(output);
    if (node === undefined) throw new ModelFileError(`the output layer "${output}" is missing`);
    return makeGraph(this.modelName, this.nodes, node);
  }
}
