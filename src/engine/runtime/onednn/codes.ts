/** The numbers of oneDNN's C API (dnnl_types.h and dnnl_common_types.h of 3.2) that plans use, by their names there. */

export const TYPE = { bf16: 2, f32: 3, u8: 6 } as const;
export const TAG_ANY = 1;

export const PROP = { forwardTraining: 64, forwardInference: 96, backward: 128, backwardData: 160 } as const;

export const ALGORITHM = {
  direct: 0x1,
  relu: 0x20,
  tanh: 0x21,
  logistic: 0x29,
  clip: 0x2f,
  reluByOutput: 0x100,
  tanhByOutput: 0x101,
  logisticByOutput: 0x104,
  clipByOutput: 0x106,
  poolMax: 0x1ff,
  poolAverage: 0x3ff,
  add: 0x1fff0,
  mul: 0x1fff1,
  sum: 0x2fff4,
  softmax: 0x30000,
} as const;

/** Arguments of a primitive's execution. */
export const ARG = {
  src: 1,
  src1: 2,
  dst: 17,
  weights: 33,
  bias: 41,
  mean: 49,
  variance: 50,
  scale: 51,
  shift: 52,
  workspace: 64,
  diffSrc: 129,
  diffDst: 145,
  diffWeights: 161,
  diffBias: 169,
  diffScale: 255,
  diffShift: 256,
  /** Of several sources, the first. */
  multipleSrc: 1024,
  /** The second operand of what follows a primitive first. */
  followingSrc1: 0x8000 | 2,
} as const;

/** Of batch normalization. */
export const FLAG = { globalStatistics: 1, scale: 2, shift: 4, relu: 8 } as const;

/** Memory descriptions that a primitive description can be asked for. */
export const QUERY = { src: 129, weights: 131, diffWeights: 132, dst: 133, workspace: 135 } as const;
