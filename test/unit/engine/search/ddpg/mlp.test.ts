import { describe, expect, it } from 'vitest';
import { Random } from '../../../../../src/engine/graph/random';
import { Mlp } from '../../../../../src/engine/search/ddpg/mlp';

describe('a perceptron', () => {
  it.each([
    ['linear', false],
    ['sigmoid', false],
    ['linear', true],
    ['sigmoid', true],
  ] as const)('has the gradients that finite differences give: %s, layer norm %s', (output, layerNorm) => {
    const random = new Random(4);
    const count = 5;
    const network = new Mlp({ inputs: 3, hidden: [7, 6], layerNorm, output }).initialize(random);
    const { parameters } = network;
    for (let i = 0; i < parameters.length; i++) parameters[i] += 0.3 * random.normal();
    const inputs = Float64Array.from({ length: count * 3 }, () => random.normal());
    const weights = Float64Array.from({ length: count }, () => random.normal());
    const loss = (): number => {
      const outputs = network.forward(inputs, count);
      return weights.reduce((sum, weight, b) => sum + weight * outputs[b], 0);
    };
    loss();
    const gradient = new Float64Array(parameters.length);
    const byInput = network.backward(weights, count, gradient).slice(0, inputs.length);
    const difference = (values: Float64Array, i: number): number => {
      const [kept, step] = [values[i], 1e-6];
      values[i] = kept + step;
      const above = loss();
      values[i] = kept - step;
      const below = loss();
      values[i] = kept;
      return (above - below) / (2 * step);
    };
    gradient.forEach((slope, i) => expect(slope).toBeCloseTo(difference(parameters, i), 6));
    byInput.forEach((slope, i) => expect(slope).toBeCloseTo(difference(inputs, i), 6));
  });

  it('gives each of a batch what it gives it alone', () => {
    const network = new Mlp({ inputs: 2, hidden: [5], layerNorm: true, output: 'linear' }).initialize(new Random(1));
    const together = network.forward(Float64Array.of(1, 2, -3, 0), 2).slice(0, 2);
    expect(network.forward(Float64Array.of(-3, 0), 1)[0]).toBeCloseTo(together[1], 12);
  });
});
