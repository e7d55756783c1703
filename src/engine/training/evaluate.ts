import { setImmediate } from 'node:timers/promises';
import type { Batch } from '../data/batch';
import type { Dataset, Split } from '../data/dataset';
import type { Program } from '../runtime/executor';
import { untilAborted } from './until-aborted';

export interface EvaluateOptions {
  /** Samples a forward call; it doesn't change the result. Default 250. */
  readonly batchSize?: number;
  /** At most this many samples. */
  readonly limit?: number;
  /** Whether the model's outputs are logits, or probabilities because it ends in a softmax. Default logits. */
  readonly outputs?: 'logits' | 'probabilities';
  readonly signal?: AbortSignal;
  readonly onProgress?: (samples: number, total: number) => void;
}

export interface Evaluation {
  /** Top-1, percent. */
  readonly accuracy: number;
  /** Mean cross-entropy, nats. */
  readonly loss: number;
  readonly samples: number;
  /** Standard error of `accuracy` (binomial), percentage points. */
  readonly standardError: number;
}

/** A classifier that says how sure it is: the forward pass is all that evaluation needs. */
export type Classifier = Pick<Program, 'forward'>;

/**
 * Accuracy of a classifier on a split, which is never augmented.
 * @throws Error when the split is empty or the model's outputs are not one a class; the signal's reason when aborted.
 */
export async function evaluate(
  program: Classifier,
  dataset: Dataset,
  split: Split,
  { batchSize = 250, limit, outputs = 'logits', signal, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const total = Math.min(dataset.counts[split], limit ?? Infinity);
  if (total === 0) throw new Error(`data set ${dataset.name} has no samples in its ${split} split`);
  let loss = 0;
  let correct = 0;
  let samples = 0;
  const batches = dataset.batches(split, { batchSize, ...(limit !== undefined && { limit }) });
  for await (const batch of untilAborted(batches, signal)) {
    const result = await program.forward(batch);
    checkOutputs(result, batch, dataset, 'the model');
    const score = scoreBatch(result, batch, outputs === 'logits');
    loss += score.loss;
    correct += score.correct;
    samples += batch.count;
    onProgress?.(samples, total);
    // The native executor is synchronous: without this a stop would not be heard before the end.
    await setImmediate();
  }
  const share = correct / samples;
  return {
    accuracy: (100 * correct) / samples,
    loss: loss / samples,
    samples,
    standardError: 100 * Math.sqrt((share * (1 - share)) / samples),
  };
}

/** @throws Error unless there is one output for each class of the data set. */
export function checkOutputs(outputs: Float32Array, batch: Batch, dataset: Dataset, who: string): void {
  const classes = dataset.classes.length;
  if (outputs.length !== batch.count * classes) {
    throw new Error(
      `${who} gives ${outputs.length / batch.count} outputs, but data set ${dataset.name} has ${classes} classes: ` +
        'choose the data set that the model was made for, or a model with as many outputs',
    );
  }
}

/** Summed cross-entropy, and the samples whose highest output is their label; a sample with NaN is never correct. */
function scoreBatch(outputs: Float32Array, batch: Batch, logits: boolean): { loss: number; correct: number } {
  const classes = outputs.length / batch.count;
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < batch.count; sample++) {
    const row = outputs.subarray(sample * classes, (sample + 1) * classes);
    const label = batch.labels[sample];
    let best = -1;
    let highest = -Infinity;
    let finite = true;
    for (let c = 0; c < classes; c++) {
      if (Number.isNaN(row[c])) finite = false;
      if (row[c] > highest) [highest, best] = [row[c], c];
    }
    if (finite && best === label) correct++;
    loss += logits ? logSumExp(row, highest) - row[label] : -Math.log(Math.max(row[label], Number.MIN_VALUE));
  }
  return { loss, correct };
}

function logSumExp(row: Float32Array, highest: number): number {
  let sum = 0;
  for (const value of row) sum += Math.exp(value - highest);
  return highest + Math.log(sum);
}
