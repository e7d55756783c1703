/** Configs that are right, and between them use most of the language. */
export const soundConfigs: readonly string[] = [
  'model: lenet\ndataset: mnist\ntarget: { flops: 0.5 }\n',
  `# A comment at the head.
version: 1
model:
  zoo: resnet20
  weights: ./weights.onnx # beside it
dataset:
  name: cifar10
  validation: 0.1
  normalization: { mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2] }
learner: channel
target:
  flops: 0.5
options: { selection: lasso, multipleOf: 8 }
training:
  mode: finetune
  epochs: 3
  schedule: step
  milestones: [0.5, 0.75]
  distillation: { weight: 4, temperature: 4 }
layers:
  conv1: { skip: true }
  "block1/*": { keep: 0.5 }
  fc:
    keep: 0.75
compute:
  backend: auto
  threads: 2
  seed: 7
output:
  directory: ./out
  formats:
    - onnx
    - tfjs
`,
  `model: ./lenet.onnx
dataset: { folder: ./photos, imageSize: 64 }
baseline: &short
  epochs: 1
  batchSize: 8
stages:
  - learner: channel
    target: { params: 0.5 }
    training: *short
  - target:
      sparsity: 0.5
    options:
      exponent: 3
`,
  `{ model: mobilenet-v1, dataset: cifar10,
  target: { bytes: 0.5 }, "training": { 'optimizer': "adam", learningRate: 1e-3 } }
`,
  `model: resnet20
dataset: cifar10
target: { sparsity: 0.9 }
ratios: auto
search:
  sampler: gp
  trials: 20

compute: { precision: bf16, backend: onednn }
`,
  'model: lenet\r\ndataset: mnist\r\nlearner: uniform\r\ntarget:\r\n  bits: 8\r\n',
];
