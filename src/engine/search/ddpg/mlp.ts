import type { Random } from '../../graph/random';

export interface MlpShape {
  readonly inputs: number;
  readonly hidden: readonly number[];
  /** Normalizes what enters each hidden unit's activation over the layer (Ba et al. 2016). */
  readonly layerNorm: boolean;
  /** What becomes of the one output; a sigmoid keeps it in (0, 1). */
  readonly output: 'linear' | 'sigmoid';
}

/** Keeps the variance of constant layers from 0. */
const EPSILON = 1e-5;
/** The last layer begins so small that the first outputs are near to 0 (Lillicrap et al. 2016, section 7). */
const LAST_RANGE = 3e-3;

/**
 * A perceptron with relu units and one output, on batches. All its parameters lie in one array, so that optimizers, slow copies
 * and noise need not know of layers.
 */
export class Mlp {
  readonly parameters: Float64Array;
  private readonly layers: readonly Layer[];

  constructor(readonly shape: MlpShape) {
    const widths = [shape.inputs, ...shape.hidden, 1];
    let offset = 0;
    this.layers = widths.slice(1).map((outputs, l) => {
      const layer = new Layer(widths[l], outputs, shape.layerNorm && l < shape.hidden.length, offset);
      offset += layer.size;
      return layer;
    });
    this.parameters = new Float64Array(offset);
  }

  /** Weights from even distributions, `±1 / sqrt(inputs)`, the last layer's smaller; no bias; all gains 1. */
  initialize(random: Random): this {
    for (const layer of this.layers) {
      const range = layer === this.layers.at(-1) ? LAST_RANGE : 1 / Math.sqrt(layer.inputs);
      const weights = layer.weights(this.parameters);
      for (let i = 0; i < weights.length; i++) weights[i] = range * (2 * random.uniform() - 1);
      layer.gains(this.parameters).fill(1);
    }
    return this;
  }

  /** A network of the same shape with the same parameters. */
  copy(): Mlp {
    const copy = new Mlp(this.shape);
    copy.parameters.set(this.parameters);
    return copy;
  }

  /**
   * @param inputs `[count, inputs]`.
   * @returns the outputs, `[count]`; `backward` then goes on from here. Overwritten by the next call.
   */
  forward(inputs: Float64Array, count: number): Float64Array {
    let values = inputs;
    for (const layer of this.layers) {
      values = layer.forward(this.parameters, values, count, layer !== this.layers.at(-1));
    }
    if (this.shape.output === 'sigmoid') for (let b = 0; b < count; b++) values[b] = 1 / (1 + Math.exp(-values[b]));
    return values;
  }

  /**
   * Gradients of a loss at the batch that went forward last.
   * @param byOutput The loss by each output, `[count]`.
   * @param gradient Gets the loss by each parameter, added; absent: not wanted.
   * @returns the loss by each input, `[count, inputs]`. Overwritten by the next call.
   */
  backward(byOutput: Float64Array, count: number, gradient?: Float64Array): Float64Array {
    const last = this.layers[this.layers.length - 1];
    let flow: Float64Array = byOutput.slice(0, count);
    if (this.shape.output === 'sigmoid')
      for (let b = 0; b < count; b++) flow[b] *= last.output[b] * (1 - last.output[b]);
    for (const layer of this.layers.toReversed()) {
      flow = layer.backward(this.parameters, flow, count, layer !== last, gradient);
    }
    return flow;
  }
}

/** `relu(norm(x W) * gain + bias)`; without the norm `relu(x W + bias)`; the last one without relu. */
class Layer {
  readonly size: number;
  private input: Float64Array = new Float64Array();
  /** What the norm gives, and by how much it scaled. */
  private normal = new Float64Array();
  private scale = new Float64Array();
  output = new Float64Array();
  private flow = new Float64Array();

  constructor(
    readonly inputs: number,
    private readonly outputs: number,
    private readonly norm: boolean,
    private readonly offset: number,
  ) {
    this.size = (inputs + (norm ? 2 : 1)) * outputs;
  }

  /** `[inputs, outputs]`. */
  weights(all: Float64Array): Float64Array {
    return all.subarray(this.offset, this.offset + this.inputs * this.outputs);
  }

  private biases(all: Float64Array): Float64Array {
    const start = this.offset + this.inputs * this.outputs;
    return all.subarray(start, start + this.outputs);
  }

  /** Empty without the norm. */
  gains(all: Float64Array): Float64Array {
    return all.subarray(this.offset + (this.inputs + 1) * this.outputs, this.offset + this.size);
  }

  forward(parameters: Float64Array, input: Float64Array, count: number, relu: boolean): Float64Array {
    const { inputs, outputs } = this;
    if (this.output.length < count * outputs) {
      this.output = new Float64Array(count * outputs);
      this.normal = new Float64Array(this.norm ? count * outputs : 0);
      this.scale = new Float64Array(this.norm ? count : 0);
      this.flow = new Float64Array(count * inputs);
    }
    this.input = input;
    const [weights, biases, gains] = [this.weights(parameters), this.biases(parameters), this.gains(parameters)];
    const { output } = this;
    for (let b = 0; b < count; b++) {
      const row = b * outputs;
      if (this.norm) output.fill(0, row, row + outputs);
      else output.set(biases, row);
      addProduct(input, b * inputs, inputs, weights, outputs, output, row);
      if (this.norm) this.normalize(b, gains, biases);
      if (relu) for (let o = row; o < row + outputs; o++) if (output[o] < 0) output[o] = 0;
    }
    return output;
  }

  private normalize(b: number, gains: Float64Array, biases: Float64Array): void {
    const { output, normal, outputs } = this;
    const row = b * outputs;
    let [mean, variance] = [0, 0];
    for (let o = 0; o < outputs; o++) mean += output[row + o] / outputs;
    for (let o = 0; o < outputs; o++) variance += (output[row + o] - mean) ** 2 / outputs;
    const scale = 1 / Math.sqrt(variance + EPSILON);
    this.scale[b] = scale;
    for (let o = 0; o < outputs; o++) {
      normal[row + o] = (output[row + o] - mean) * scale;
      output[row + o] = normal[row + o] * gains[o] + biases[o];
    }
  }

  /** @param flow The loss by the outputs, changed on the way. */
  backward(
    parameters: Float64Array,
    flow: Float64Array,
    count: number,
    relu: boolean,
    gradient?: Float64Array,
  ): Float64Array {
    const { inputs, outputs, output, input } = this;
    const weights = this.weights(parameters);
    const byWeights = gradient && this.weights(gradient);
    const byBiases = gradient && this.biases(gradient);
    for (let b = 0; b < count; b++) {
      const row = b * outputs;
      if (relu) for (let o = row; o < row + outputs; o++) if (output[o] === 0) flow[o] = 0;
      if (byBiases) for (let o = 0; o < outputs; o++) byBiases[o] += flow[row + o];
      if (this.norm) this.denormalize(b, flow, this.gains(parameters), gradient && this.gains(gradient));
      multiply(weights, inputs, outputs, flow, row, this.flow, b * inputs);
      if (byWeights) addOuter(input, b * inputs, inputs, flow, row, outputs, byWeights);
    }
    return this.flow;
  }

  private denormalize(b: number, flow: Float64Array, gains: Float64Array, byGains?: Float64Array): void {
    const { normal, outputs } = this;
    const row = b * outputs;
    let [mean, along] = [0, 0];
    for (let o = 0; o < outputs; o++) {
      if (byGains) byGains[o] += flow[row + o] * normal[row + o];
      flow[row + o] *= gains[o];
      mean += flow[row + o] / outputs;
      along += (flow[row + o] * normal[row + o]) / outputs;
    }
    for (let o = 0; o < outputs; o++) {
      flow[row + o] = this.scale[b] * (flow[row + o] - mean - along * normal[row + o]);
    }
  }
}

// The three loops that all the time goes into, on parts of arrays.

/** `y += x W`, W `[inputs, outputs]`. Relu leaves about half of x at 0. */
function addProduct(
  x: Float64Array,
  xAt: number,
  inputs: number,
  weights: Float64Array,
  outputs: number,
  y: Float64Array,
  yAt: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const value = x[xAt + i];
    if (value === 0) continue;
    const row = i * outputs;
    for (let o = 0; o < outputs; o++) y[yAt + o] += value * weights[row + o];
  }
}

/** `y = W x`. */
function multiply(
  weights: Float64Array,
  inputs: number,
  outputs: number,
  x: Float64Array,
  xAt: number,
  y: Float64Array,
  yAt: number,
): void {
  for (let i = 0; i < inputs; i++) {
    const row = i * outputs;
    let [a, b, c, d] = [0, 0, 0, 0];
    let o = 0;
    for (; o + 3 < outputs; o += 4) {
      a += weights[row + o] * x[xAt + o];
      b += weights[row + o + 1] * x[xAt + o + 1];
      c += weights[row + o + 2] * x[xAt + o + 2];
      d += weights[row + o + 3] * x[xAt + o + 3];
    }
    for (; o < outputs; o++) a += weights[row + o] * x[xAt + o];
    y[yAt + i] = a + b + c + d;
  }
}

/** `W += x y'`. */
function addOuter(
  x: Float64Array,
  xAt: number,
  inputs: number,
  y: Float64Array,
  yAt: number,
  outputs: number,
  weights: Float64Array,
): void {
  for (let i = 0; i < inputs; i++) {
    const value = x[xAt + i];
    if (value === 0) continue;
    const row = i * outputs;
    for (let o = 0; o < outputs; o++) weights[row + o] += value * y[yAt + o];
  }
}
