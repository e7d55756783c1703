export interface LossOptions {
  /** Share of probability mass moved from the label to all classes, [0, 1) (Szegedy et al. 2016). */
  readonly labelSmoothing: number;
  readonly distillation?: { readonly weight: number; readonly temperature: number };
}

export interface LossTargets {
  /** Class index of each sample. */
  readonly labels: Int32Array;
  /** Row-major `[samples, classes]`, needed with distillation. */
  readonly teacherLogits?: Float32Array;
}

export interface Loss {
  /** Mean over the samples. */
  readonly loss: number;
  /** Samples whose highest logit is the label's; one with a NaN never is. */
  readonly correct: number;
  /** d loss / d logits, row-major `[samples, classes]`. */
  readonly gradient: Float32Array;
}

/**
 * Softmax cross-entropy with label smoothing, plus `weight * T^2 * KL(teacher || student)` at temperature T
 * (Hinton et al. 2015, section 2: the factor T^2 keeps the two gradients in proportion when T changes).
 * Sums are in double precision. Logits are a few thousand numbers, so this is plain code for every executor.
 * @throws Error when a label is not a class, or the teacher's logits are missing or of another size.
 */
export function classificationLoss(
  logits: Float32Array,
  { labels, teacherLogits }: LossTargets,
  { labelSmoothing, distillation }: LossOptions,
): Loss {
  const samples = labels.length;
  const classes = logits.length / samples;
  if (distillation && teacherLogits?.length !== logits.length) {
    throw new Error(
      `distillation needs the teacher's logits, ${samples} x ${classes} numbers, but got ${teacherLogits?.length ?? 'none'}`,
    );
  }
  const gradient = new Float32Array(logits.length);
  let loss = 0;
  let correct = 0;
  for (let sample = 0; sample < samples; sample++) {
    const start = sample * classes;
    const row = logits.subarray(start, start + classes);
    const rowGradient = gradient.subarray(start, start + classes);
    const label = labels[sample];
    if (!(label >= 0 && label < classes)) {
      throw new Error(
        `sample ${sample} has label ${label}, but the model has ${classes} outputs (0 to ${classes - 1})`,
      );
    }
    const logProbabilities = logSoftmax(row, 1);
    for (let c = 0; c < classes; c++) {
      const target = (c === label ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      loss -= target * logProbabilities[c];
      rowGradient[c] = (Math.exp(logProbabilities[c]) - target) / samples;
    }
    if (distillation && teacherLogits) {
      loss += addDistillation(row, teacherLogits.subarray(start, start + classes), distillation, rowGradient, samples);
    }
    if (isHighest(row, label)) correct++;
  }
  return { loss: loss / samples, correct, gradient };
}

/** Loss of one sample; adds its gradient, already divided by the number of samples. */
function addDistillation(
  student: Float32Array,
  teacher: Float32Array,
  { weight, temperature }: { weight: number; temperature: number },
  gradient: Float32Array,
  samples: number,
): number {
  const logStudent = logSoftmax(student, temperature);
  const logTeacher = logSoftmax(teacher, temperature);
  let divergence = 0;
  for (let c = 0; c < student.length; c++) {
    const probability = Math.exp(logTeacher[c]);
    // 0 * log 0 is 0.
    if (probability > 0) divergence += probability * (logTeacher[c] - logStudent[c]);
    gradient[c] += (weight * temperature * (Math.exp(logStudent[c]) - probability)) / samples;
  }
  return weight * temperature * temperature * divergence;
}

function logSoftmax(row: Float32Array, temperature: number): Float64Array {
  let highest = -Infinity;
  for (const value of row) if (value > highest) highest = value;
  let sum = 0;
  for (const value of row) sum += Math.exp((value - highest) / temperature);
  const logSum = Math.log(sum);
  return Float64Array.from(row, (value) => (value - highest) / temperature - logSum);
}

function isHighest(row: Float32Array, label: number): boolean {
  const value = row[label];
  for (let c = 0; c < row.length; c++) {
    // Ties go to the first, as argmax does; a NaN fails both comparisons.
    if (!(c < label ? row[c] < value : row[c] <= value)) return false;
  }
  return true;
}
