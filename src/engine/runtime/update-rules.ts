import type { Optimizer } from '../training/optimizer';

export interface UpdateContext {
  readonly learningRate: number;
  /** Weight decay of this parameter; 0 for biases and batch norm. */
  readonly decay: number;
  /** Factor on the gradient, from clipping. */
  readonly scale: number;
  /** 1 for the first update. */
  readonly time: number;
}

/** Names of the tensors that a rule keeps for each parameter. */
export function slotNames(optimizer: Optimizer): readonly string[] {
  if (optimizer.kind === 'sgd') return optimizer.momentum === 0 ? [] : ['momentum'];
  return ['moment1', 'moment2'];
}

/**
 * Updates `value` and `slots` (ordered as in {@link slotNames}) in place. Each number is computed in double precision
 * and rounded once when stored, so results are the same on every executor.
 *
 * This is plain code on purpose: a step's arithmetic is in its convolutions, while an update through tensor kernels
 * is half a dozen dispatches for every parameter. It costs about 1 ns a number.
 */
export function update(
  optimizer: Optimizer,
  value: Float32Array,
  gradient: Float32Array,
  slots: readonly Float32Array[],
  context: UpdateContext,
): void {
  if (optimizer.kind !== 'sgd') adam(value, gradient, slots[0], slots[1], optimizer, context);
  else if (optimizer.momentum === 0) plain(value, gradient, context);
  else momentum(value, gradient, slots[0], optimizer, context);
}

function plain(value: Float32Array, gradient: Float32Array, { learningRate, decay, scale }: UpdateContext): void {
  for (let i = 0; i < value.length; i++) value[i] -= learningRate * (scale * gradient[i] + decay * value[i]);
}

/** Sutskever et al. 2013, with the learning rate outside the velocity, so that schedules don't rescale its past. */
function momentum(
  value: Float32Array,
  gradient: Float32Array,
  velocity: Float32Array,
  rule: Extract<Optimizer, { kind: 'sgd' }>,
  { learningRate, decay, scale }: UpdateContext,
): void {
  const { momentum: share, nesterov } = rule;
  for (let i = 0; i < value.length; i++) {
    const slope = scale * gradient[i] + decay * value[i];
    const speed = share * velocity[i] + slope;
    velocity[i] = speed;
    value[i] -= learningRate * (nesterov ? slope + share * speed : speed);
  }
}

/** Kingma & Ba 2015, algorithm 1; decay is added to the gradient for `adam` and taken off the value for `adamw`. */
function adam(
  value: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  { kind, beta1, beta2, epsilon }: Extract<Optimizer, { kind: 'adam' | 'adamw' }>,
  { learningRate, decay, scale, time }: UpdateContext,
): void {
  const coupled = kind === 'adam' ? decay : 0;
  const shrink = kind === 'adamw' ? 1 - learningRate * decay : 1;
  const correction1 = 1 - beta1 ** time;
  const correction2 = 1 - beta2 ** time;
  for (let i = 0; i < value.length; i++) {
    const slope = scale * gradient[i] + coupled * value[i];
    const m = beta1 * mean[i] + (1 - beta1) * slope;
    const v = beta2 * square[i] + (1 - beta2) * slope * slope;
    mean[i] = m;
    square[i] = v;
    value[i] = value[i] * shrink - (learningRate * (m / correction1)) / (Math.sqrt(v / correction2) + epsilon);
  }
}
