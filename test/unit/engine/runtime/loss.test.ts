import { describe, expect, it } from 'vitest';
import { classificationLoss } from '../../../../src/engine/runtime/loss';

const plain = { labelSmoothing: 0 };

describe('classification loss', () => {
  it('is the mean negative log-likelihood, with softmax minus one-hot over the samples as gradient', () => {
    const logits = Float32Array.from([Math.log(1), Math.log(3), 0, 0]);
    const { loss, gradient } = classificationLoss(logits, { labels: Int32Array.from([0, 1]) }, plain);
    expect(loss).toBeCloseTo((-Math.log(1 / 4) - Math.log(1 / 2)) / 2, 6);
    expectClose(gradient, [(0.25 - 1) / 2, 0.75 / 2, 0.5 / 2, (0.5 - 1) / 2]);
  });

  it('counts a sample as correct when its label is highest, ties going to the first and never with a NaN', () => {
    const logits = Float32Array.from([1, 2, 3, 3, 3, 1, 3, 3, 1, NaN, 0, 5]);
    const { correct } = classificationLoss(logits, { labels: Int32Array.from([2, 0, 1, 2]) }, plain);
    expect(correct).toBe(2);
  });

  it('spreads the smoothing over all classes, the label among them', () => {
    const logits = Float32Array.from([Math.log(0.7), Math.log(0.2), Math.log(0.1)]);
    const { loss, gradient } = classificationLoss(logits, { labels: Int32Array.from([1]) }, { labelSmoothing: 0.3 });
    expect(loss).toBeCloseTo(-(0.1 * Math.log(0.7) + 0.8 * Math.log(0.2) + 0.1 * Math.log(0.1)), 6);
    expectClose(gradient, [0.7 - 0.1, 0.2 - 0.8, 0.1 - 0.1]);
  });

  it('adds weight x T^2 x KL(teacher || student) at the temperature', () => {
    const [student, teacher] = [
      [1, 0],
      [0, 2],
    ];
    const [weight, temperature] = [0.5, 4];
    const softened = (row: number[]) => {
      const powers = row.map((value) => Math.exp(value / temperature));
      return powers.map((power) => power / (powers[0] + powers[1]));
    };
    const [p, q] = [softened(teacher), softened(student)];
    const divergence = p[0] * Math.log(p[0] / q[0]) + p[1] * Math.log(p[1] / q[1]);
    const labels = Int32Array.from([0]);
    const logits = Float32Array.from(student);
    const teacherLogits = Float32Array.from(teacher);
    const distillation = { weight, temperature };

    const alone = classificationLoss(logits, { labels }, plain);
    const both = classificationLoss(logits, { labels, teacherLogits }, { ...plain, distillation });

    expect(both.loss - alone.loss).toBeCloseTo(weight * temperature ** 2 * divergence, 6);
    expect(both.gradient[0] - alone.gradient[0]).toBeCloseTo(weight * temperature * (q[0] - p[0]), 6);
  });

  it('stays finite for logits far apart', () => {
    const distillation = { weight: 1, temperature: 1 };
    const logits = Float32Array.from([1e4, -1e4]);
    const targets = { labels: Int32Array.from([1]), teacherLogits: Float32Array.from([-1e4, 1e4]) };
    const { loss, gradient } = classificationLoss(logits, targets, { ...plain, distillation });
    expect(loss).toBeCloseTo(4e4);
    expectClose(gradient, [2, -2]);
  });

  it('names a label that is no class, and a teacher that is missing', () => {
    const logits = new Float32Array(6);
    const labels = Int32Array.from([0, 3]);
    expect(() => classificationLoss(logits, { labels }, plain)).toThrow(/sample 1 has label 3, .* 3 outputs/);
    const distillation = { weight: 1, temperature: 2 };
    expect(() => classificationLoss(logits, { labels }, { ...plain, distillation })).toThrow(/teacher's logits/);
  });
});

function expectClose(actual: Float32Array, wanted: readonly number[]): void {
  wanted.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 6));
}
