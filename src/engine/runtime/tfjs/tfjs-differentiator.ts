import type { Batch } from '../../data/batch';
import type { Differentiated, Differentiator, ForwardState, LossInputs } from '../differentiator';
import type { Backend, Value } from './kernels';
import type { Network } from './network';

/**
 * Training passes on TensorFlow.js. The way back is our own walk over the graph instead of tfjs' tape: it lets native
 * gradient kernels be used, frees each activation as soon as it is used up, and skips gradients that nobody needs.
 */
export class TfjsDifferentiator implements Differentiator {
  constructor(
    private readonly network: Network,
    private readonly backend: Backend,
    private readonly trainable: ReadonlySet<string>,
    private readonly taps: ReadonlySet<string>,
  ) {}

  differentiate(
    batch: Batch,
    { parameters, dropout }: ForwardState,
    lossGradient: (inputs: LossInputs) => LossInputs,
  ): Promise<Differentiated> {
    const { tf } = this.backend;
    const uploaded = new Map<string, Value>();
    const gradients = new Map<string, Float32Array>();
    const statistics = new Map<string, { mean: Float32Array; variance: Float32Array }>();
    const ranges = new Map<string, { min: number; max: number }>();
    const pass = {
      backend: this.backend,
      dropout,
      parameter: ({ name }: { name: string }, param: string): Value => {
        const key = `${name}/${param}`;
        let value = uploaded.get(key);
        if (!value) {
          const { data, shape } = parameters.get(key) as { data: Float32Array; shape: readonly number[] };
          uploaded.set(key, (value = tf.tensor(data, [...shape], 'float32')));
        }
        return value;
      },
      onStatistics: (node: string, mean: Value, variance: Value) => {
        statistics.set(node, { mean: mean.dataSync<'float32'>(), variance: variance.dataSync<'float32'>() });
        tf.dispose([mean, variance]);
      },
      onRange: (node: string, value: Value) => {
        const [min, max] = [tf.min(value), tf.max(value)];
        ranges.set(node, { min: min.dataSync<'float32'>()[0], max: max.dataSync<'float32'>()[0] });
        tf.dispose([min, max]);
      },
    };
    this.network.differentiate(batch, pass, this.trainable, this.taps, lossGradient, (key, value) =>
      gradients.set(key, value.dataSync<'float32'>()),
    );
    return Promise.resolve({ gradients, statistics, ranges });
  }

  /** Nothing outlives a pass. */
  dispose(): void {}
}
