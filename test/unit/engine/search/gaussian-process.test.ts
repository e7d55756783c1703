import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/engine/graph/random';
import { logExpectedImprovement } from '../../../../src/engine/search/expected-improvement';
import { GaussianProcess } from '../../../../src/engine/search/gaussian-process';
import { PointDistances } from '../../../../src/engine/search/gp-kernel';
import { negativeLogPosterior } from '../../../../src/engine/search/gp-likelihood';
import { uniformUnits } from '../../../../src/engine/search/random-sampler';
import { Space } from '../../../../src/engine/search/space';

const space = new Space([
  { name: 'kind', kind: 'categorical', choices: ['a', 'b'] },
  { name: 'x', kind: 'float', low: 0, high: 1 },
  { name: 'y', kind: 'float', low: 0, high: 1 },
  { name: 'z', kind: 'float', low: 0, high: 1, when: { dimension: 'kind', is: ['a'] } },
]);
const random = new Random(2);
const draw = () => space.encode(space.decode(uniformUnits(space, random)));
const points = Array.from({ length: 15 }, draw);
const values = Float64Array.from(points, (p) => Math.sin(5 * p[1]) + p[2] + (p[0] === 1 ? 0.5 : 0));
const distances = new PointDistances(space);
const hyper = { weights: Float64Array.of(0.5, 3, 2, 1), signal: 1.3, noise: 1e-3 };

function process(): GaussianProcess {
  const gp = new GaussianProcess(distances, hyper);
  for (const point of points) gp.add(point);
  gp.setValues(values);
  return gp;
}

/** Central differences of `f` along coordinate `d`. */
function difference(f: (x: Float64Array) => number, x: Float64Array, d: number): number {
  const moved = (by: number) => x.map((value, i) => (i === d ? value + by : value));
  return (f(moved(1e-5)) - f(moved(-1e-5))) / 2e-5;
}

describe('the marginal likelihood', () => {
  it('is, for one point, that of a normal distribution', () => {
    const f = negativeLogPosterior(distances, [points[0]], Float64Array.of(0.7));
    const at = (signal: number): number =>
      f(Float64Array.of(0, 0, 0, 0, Math.log(signal), Math.log(1e-3)), new Float64Array(6));
    const density = (variance: number): number => 0.5 * Math.log(variance) + (0.5 * 0.7 ** 2) / variance;
    const prior = 0.5 * Math.log(2) ** 2;
    expect(at(2) - at(1)).toBeCloseTo(density(2.001) - density(1.001) + prior, 9);
  });

  it('has the gradient of finite differences', () => {
    const f = negativeLogPosterior(distances, points, values);
    const theta = Float64Array.of(-1, 0.5, 1, -0.3, 0.2, -4);
    const gradient = new Float64Array(6);
    f(theta, gradient);
    for (let d = 0; d < 6; d++) {
      expect(gradient[d]).toBeCloseTo(
        difference((x) => f(x, new Float64Array(6)), theta, d),
        5,
      );
    }
  });
});

describe('a Gaussian process', () => {
  it('goes through its points where there is next to no noise, and is sure of them', () => {
    const gp = process();
    points.forEach((point, i) => {
      const { mean, deviation } = gp.predict(point);
      expect(Math.abs(mean - values[i])).toBeLessThan(0.03);
      expect(deviation).toBeLessThan(0.05);
    });
  });

  it('knows nothing far away, and says so', () => {
    const gp = new GaussianProcess(distances, { ...hyper, weights: Float64Array.of(1, 1e6, 1e6, 1) });
    gp.add(Float64Array.of(1, 0.1, 0.1, NaN));
    gp.setValues(Float64Array.of(3));
    const { mean, deviation } = gp.predict(Float64Array.of(1, 0.9, 0.9, NaN));
    expect(mean).toBeCloseTo(0);
    expect(deviation).toBeCloseTo(Math.sqrt(hyper.signal));
  });

  it('forgets what was added last', () => {
    const [gp, whole] = [process(), process()];
    gp.add(draw());
    gp.truncate(points.length);
    gp.setValues(values);
    const point = draw();
    expect(gp.predict(point)).toEqual(whole.predict(point));
  });

  it('has the gradients of finite differences, and so has the expected improvement', () => {
    const gp = process();
    const at = Float64Array.of(0, 0.37, 0.61, 0.22);
    const { meanGradient, deviationGradient } = gp.predict(at, true);
    const improvement = (x: Float64Array) => logExpectedImprovement(gp.predict(x), 1.2);
    const { byMean, byDeviation } = improvement(at);
    for (const d of [1, 2, 3]) {
      expect(meanGradient![d]).toBeCloseTo(
        difference((x) => gp.predict(x).mean, at, d),
        5,
      );
      expect(deviationGradient![d]).toBeCloseTo(
        difference((x) => gp.predict(x).deviation, at, d),
        5,
      );
      const total = byMean * meanGradient![d] + byDeviation * deviationGradient![d];
      expect(total).toBeCloseTo(
        difference((x) => improvement(x).value, at, d),
        3,
      );
    }
  });
});

describe('the logarithm of the expected improvement', () => {
  it.each([-2000, -40, -3, 0, 2, 12])('has the slope of finite differences at z = %d', (z) => {
    const value = (mean: number, deviation: number) => logExpectedImprovement({ mean, deviation }, 0).value;
    const { byMean, byDeviation } = logExpectedImprovement({ mean: z, deviation: 1 }, 0);
    const h = 1e-4;
    const relative = (a: number, b: number) => Math.abs(a - b) / (1 + Math.abs(a));
    expect(relative(byMean, (value(z + h, 1) - value(z - h, 1)) / (2 * h))).toBeLessThan(1e-4);
    expect(relative(byDeviation, (value(z, 1 + h) - value(z, 1 - h)) / (2 * h))).toBeLessThan(1e-4);
  });
});
