import type { Batch } from '../../data/batch';
import { GraphError, inputNode, type Graph } from '../../graph/graph';
import { dispatch, hasParams, type Node, type Shape } from '../../graph/node';
import { inferShapes } from '../../graph/shape';
import { checkInput } from '../check-input';
import type { LossInputs } from '../differentiator';
import type { Backend, Value } from './kernels';
import { Lifetimes } from './lifetimes';
import { ops, type Evaluated, type Pass } from './ops';

/** A graph laid out for running on a backend: who reads what, and therefore how long each tensor lives. */
export class Network {
  readonly shapes: ReadonlyMap<string, Shape>;
  private readonly readers = new Map<string, number>();

  constructor(
    readonly graph: Graph,
    private readonly backend: Backend,
  ) {
    this.shapes = inferShapes(graph);
    for (const node of graph.nodes) {
      for (const input of node.inputs) this.readers.set(input, (this.readers.get(input) ?? 0) + 1);
    }
  }

  /** Runs forward and hands the outputs of `taps`, which live until it returns, to `read`. */
  forward(batch: Batch, pass: Pass, taps: readonly string[], read: (tap: string, value: Value) => void): void {
    for (const tap of taps) {
      if (!this.shapes.has(tap)) throw new GraphError(`there is no node "${tap}"`);
    }
    const wanted = new Set(taps);
    this.backend.activate();
    this.backend.tf.tidy(() => {
      const lifetimes = new Lifetimes();
      const values = new Map<string, Value>();
      for (const node of this.graph.nodes) {
        const inputs = node.inputs.map((name) => get(values, name));
        const value = node.kind === 'input' ? this.input(batch) : dispatch(ops, node, inputs, pass).value;
        values.set(node.name, value);
        // One use more than there are readers, for this node itself.
        lifetimes.retain(value, (this.readers.get(node.name) ?? 0) + 1);
        if (wanted.has(node.name)) read(node.name, value);
        lifetimes.release(value);
        for (const input of inputs) lifetimes.release(input);
      }
    });
  }

  /**
   * Runs forward and back. `trainable` says which parameters (`node/param`) get a gradient; `onGradient` gets each
   * of them, alive until it returns. `taps` are the nodes within the model that the loss depends on.
   */
  differentiate(
    batch: Batch,
    pass: Pass,
    trainable: ReadonlySet<string>,
    taps: ReadonlySet<string>,
    lossGradient: (inputs: LossInputs) => LossInputs,
    onGradient: (key: string, gradient: Value) => void,
  ): void {
    const { tf } = this.backend;
    this.backend.activate();
    tf.tidy(() => {
      const lifetimes = new Lifetimes();
      const values = new Map<string, Value>();
      const evaluations = new Map<Node, Evaluated>();
      const differentiable = this.differentiable(trainable);
      const tapped = new Map<string, Float32Array>();
      for (const node of this.graph.nodes) {
        const inputs = node.inputs.map((name) => get(values, name));
        const evaluated = node.kind === 'input' ? undefined : dispatch(ops, node, inputs, pass);
        const value = evaluated?.value ?? this.input(batch);
        values.set(node.name, value);
        lifetimes.retain(value, (this.readers.get(node.name) ?? 0) + 1);
        if (evaluated && differentiable.has(node.name)) {
          evaluations.set(node, evaluated);
          for (const saved of evaluated.saved) lifetimes.retain(saved);
        }
        if (taps.has(node.name)) tapped.set(node.name, value.dataSync<'float32'>());
        for (const input of inputs) lifetimes.release(input);
        if (node.name !== this.graph.output) lifetimes.release(value);
      }

      const logits = get(values, this.graph.output);
      const loss = lossGradient({ logits: logits.dataSync<'float32'>(), nodes: tapped });
      lifetimes.release(logits);
      const slopes = new Map<string, Value>();
      for (const [name, slope] of [[this.graph.output, loss.logits] as const, ...loss.nodes]) {
        const shape = [batch.count, ...this.shapeOf(name)];
        if (differentiable.has(name)) {
          accumulate(this.backend, lifetimes, slopes, name, tf.tensor(slope, shape, 'float32'));
        }
      }
      for (const [node, evaluated] of [...evaluations].reverse()) {
        const dy = slopes.get(node.name);
        if (dy) {
          const gradients = evaluated.backward(dy);
          for (const [param, gradient] of Object.entries(gradients.params ?? {})) {
            const key = `${node.name}/${param}`;
            if (!trainable.has(key)) continue;
            const value = gradient();
            onGradient(key, value);
            value.dispose();
          }
          node.inputs.forEach((input, i) => {
            if (differentiable.has(input)) accumulate(this.backend, lifetimes, slopes, input, gradients.inputs[i]());
          });
          slopes.delete(node.name);
          lifetimes.release(dy);
        }
        for (const saved of evaluated.saved) lifetimes.release(saved);
      }
    });
  }

  /** Nodes through which a gradient reaches a trainable parameter. */
  private differentiable(trainable: ReadonlySet<string>): ReadonlySet<string> {
    const reached = new Set<string>();
    for (const node of this.graph.nodes) {
      const own = hasParams(node) && Object.keys(node.params).some((param) => trainable.has(`${node.name}/${param}`));
      if (own || node.inputs.some((input) => reached.has(input))) reached.add(node.name);
    }
    return reached;
  }

  private input(batch: Batch): Value {
    checkInput(this.graph, batch);
    return this.backend.tf.tensor(batch.images, [batch.count, ...inputNode(this.graph).shape], 'float32');
  }

  private shapeOf(name: string): Shape {
    const shape = this.shapes.get(name);
    if (!shape) throw new GraphError(`there is no node "${name}"`);
    return shape;
  }
}

/** Adds a gradient to what its node has got from its other readers. */
function accumulate(
  { tf }: Backend,
  lifetimes: Lifetimes,
  slopes: Map<string, Value>,
  node: string,
  gradient: Value,
): void {
  lifetimes.retain(gradient);
  const others = slopes.get(node);
  if (!others) {
    slopes.set(node, gradient);
    return;
  }
  const sum = tf.add(others, gradient);
  lifetimes.retain(sum);
  lifetimes.release(others);
  lifetimes.release(gradient);
  slopes.set(node, sum);
}

function get(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (!value) throw new GraphError(`"${name}" is read before it is computed`);
  return value;
}
