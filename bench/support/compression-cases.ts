/** What to do with the model in each case: a stage of a config, without its training. */
export const cases: Readonly<Record<string, string>> = {
  'channel, half the FLOPs': 'learner: channel\ntarget: { flops: 0.5 }',
  'channel, half the FLOPs, magnitude, nothing fitted':
    'learner: channel\ntarget: { flops: 0.5 }\noptions: { selection: magnitude, reconstruct: false }',
  'weight-sparse, 75 %': 'learner: weight-sparse\ntarget: { sparsity: 0.75 }\noptions: { protocol: erk }',
  'weight-sparse, 90 %': 'learner: weight-sparse\ntarget: { sparsity: 0.9 }\noptions: { protocol: erk }',
  'non-uniform, 4 bits': 'learner: non-uniform\ntarget: { bits: 4 }',
  'non-uniform, 4 bits, nearest': 'learner: non-uniform\ntarget: { bits: 4 }\noptions: { rounding: nearest }',
  'non-uniform, 2 bits': 'learner: non-uniform\ntarget: { bits: 2 }',
  'non-uniform, 2 bits, nearest': 'learner: non-uniform\ntarget: { bits: 2 }\noptions: { rounding: nearest }',
  'non-uniform, 2 bits, a codebook a channel':
    'learner: non-uniform\ntarget: { bits: 2 }\noptions: { codebook: channel }',
  'non-uniform, 2 bits, a codebook a channel, nearest':
    'learner: non-uniform\ntarget: { bits: 2 }\noptions: { codebook: channel, rounding: nearest }',
  'uniform, W8A8': 'learner: uniform\ntarget: { bits: 8 }',
  'uniform, W4A8': 'learner: uniform\ntarget: { bits: 4 }',
  'uniform, W4A8, nearest':
    'learner: uniform\ntarget: { bits: 4 }\noptions: { rounding: nearest, biasCorrection: false }',
  'uniform, W4A8, nearest, bias correction': 'learner: uniform\ntarget: { bits: 4 }\noptions: { rounding: nearest }',
  'uniform, W4A8, one range a layer':
    'learner: uniform\ntarget: { bits: 4 }\noptions: { buckets: layer, rounding: nearest, biasCorrection: false }',
  'uniform, W4A8, one range a layer, equalized':
    'learner: uniform\ntarget: { bits: 4 }\noptions: { buckets: layer, rounding: nearest, biasCorrection: false, equalize: true }',
  'uniform, W4A4': 'learner: uniform\ntarget: { bits: 4 }\noptions: { activationBits: 4 }',
};
