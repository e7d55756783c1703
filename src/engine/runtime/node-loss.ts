import { classificationLoss } from './loss';

/** A loss at a node within the model; `weight` multiplies it. */
export interface NodeLoss {
  readonly node: string;
  readonly weight: number;
  readonly kind:
    /** Mean squared difference from the teacher's features, which have the same shape (Romero et al. 2015, "FitNets"). */
    | 'features'
    /**
     * Squared distance of attention maps: where the squared features, summed over channels, lie. The teacher's may
     * have another number of channels (Zagoruyko & Komodakis 2017, eq. 2).
     */
    | 'attention'
    /** Softmax cross-entropy of a head: the node gives one output for each class. */
    | 'labels';
}

export interface NodeLossInputs {
  /** The node's output, `[samples, height * width, channels]`. */
  readonly value: Float32Array;
  /** Height times width of the node's output; 1 for features without extent. */
  readonly area: number;
  readonly labels: Int32Array;
  /** The teacher's output there; not needed by `labels`. */
  readonly teacher?: Float32Array;
}

export interface NodeLossResult {
  /** Mean over the samples, times the weight. */
  readonly loss: number;
  /** By the node's output, in its order. */
  readonly gradient: Float32Array;
}

/** @throws Error when the teacher's features are missing or don't fit. */
export function nodeLoss({ kind, node, weight }: NodeLoss, inputs: NodeLossInputs): NodeLossResult {
  const { value, labels, teacher } = inputs;
  if (kind === 'labels') {
    const { loss, gradient } = classificationLoss(value, { labels }, { labelSmoothing: 0 });
    return { loss: weight * loss, gradient: gradient.map((slope) => weight * slope) };
  }
  const cells = labels.length * inputs.area;
  const fits = kind === 'features' ? teacher?.length === value.length : teacher && teacher.length % cells === 0;
  if (!teacher || !fits) {
    throw new Error(
      `the teacher's features for "${node}" don't fit: ${teacher?.length ?? 'no'} numbers for ${value.length}`,
    );
  }
  return kind === 'features' ? squaredDifference(value, teacher, weight) : attention(inputs, teacher, weight);
}

function squaredDifference(value: Float32Array, teacher: Float32Array, weight: number): NodeLossResult {
  const gradient = new Float32Array(value.length);
  let sum = 0;
  for (let i = 0; i < value.length; i++) {
    const difference = value[i] - teacher[i];
    sum += difference * difference;
    gradient[i] = (2 * weight * difference) / value.length;
  }
  return { loss: (weight * sum) / value.length, gradient };
}

/** With `q_p = sum of x_pc^2` and `n = |q|`: loss `|q/n - t|^2`, gradient by q `2 (d - (d . q/n) q/n) / n` for `d = q/n - t`. */
function attention({ value, area, labels }: NodeLossInputs, teacher: Float32Array, weight: number): NodeLossResult {
  const samples = labels.length;
  const channels = value.length / (samples * area);
  const gradient = new Float32Array(value.length);
  let sum = 0;
  for (let sample = 0; sample < samples; sample++) {
    const own = attentionMap(value, sample, samples, area);
    const wanted = attentionMap(teacher, sample, samples, area);
    const difference = own.map.map((q, p) => q - wanted.map[p]);
    let along = 0;
    for (let p = 0; p < area; p++) {
      sum += difference[p] ** 2;
      along += difference[p] * own.map[p];
    }
    for (let p = 0; p < area; p++) {
      const slope = (2 * weight * (difference[p] - along * own.map[p])) / (own.norm * samples);
      const first = (sample * area + p) * channels;
      for (let c = first; c < first + channels; c++) gradient[c] = 2 * slope * value[c];
    }
  }
  return { loss: (weight * sum) / samples, gradient };
}

/** Sums of squares over the channels at each position, as a vector of length 1. */
function attentionMap(values: Float32Array, sample: number, samples: number, area: number) {
  const channels = values.length / (samples * area);
  const map = new Float64Array(area);
  for (let p = 0; p < area; p++) {
    const first = (sample * area + p) * channels;
    for (let c = first; c < first + channels; c++) map[p] += values[c] * values[c];
  }
  // A map of nothing but zeros has no direction.
  const norm = Math.hypot(...map) || 1;
  return { map: map.map((q) => q / norm), norm };
}
