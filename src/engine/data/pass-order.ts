import { Random } from '../graph/random';
import type { BatchOptions } from './dataset';
import { DatasetError } from './dataset-error';
import { deriveSeed } from './derive-seed';

/** Keeps the order of samples apart from the draws of augmentation, which start from the same seed. */
const ORDER_STREAM = 0x6f72;

/**
 * Samples of one pass in their order, in shared memory: shuffled as seed and epoch say, cut to the limit, without the
 * batches that are to be skipped.
 * @throws DatasetError when an option is out of range.
 */
export function passOrder(samples: Uint32Array, seed: number, options: BatchOptions): Uint32Array {
  const { batchSize, shuffle = false, epoch = 0, startBatch = 0, limit = samples.length, dropLast = false } = options;
  checkCount('batchSize', batchSize, 1);
  checkCount('startBatch', startBatch, 0);
  checkCount('limit', limit, 0);
  checkCount('epoch', epoch, 0);
  const order = shuffle ? new Random(deriveSeed(seed, ORDER_STREAM, epoch)).shuffle(samples.slice()) : samples;
  const limited = order.subarray(0, limit);
  const whole = dropLast ? limited.length - (limited.length % batchSize) : limited.length;
  const rest = limited.subarray(Math.min(whole, startBatch * batchSize), whole);
  const shared = new Uint32Array(new SharedArrayBuffer(rest.byteLength));
  shared.set(rest);
  return shared;
}

function checkCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new DatasetError(`${name} must be a whole number of at least ${least}, not ${value}`);
  }
}
