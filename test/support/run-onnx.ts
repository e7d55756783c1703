import * as ort from 'onnxruntime-node';
import type { Shape } from '../../src/engine/graph/node';

/** Output of an ONNX model for one NHWC sample, by the official runtime; images go in channels first. */
export async function runOnnxSample(model: Uint8Array, sample: Float32Array, shape: Shape): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  try {
    const [input] = session.inputNames;
    const [output] = session.outputNames;
    const results = await session.run({ [input]: new ort.Tensor('float32', ...channelsFirst(sample, shape)) });
    return Float32Array.from(results[output].data as Float32Array);
  } finally {
    await session.release();
  }
}

function channelsFirst(sample: Float32Array, shape: Shape): [Float32Array, number[]] {
  if (shape.length === 1) return [sample, [1, ...shape]];
  const [h, w, c] = shape;
  const data = Float32Array.from(sample, (_, i) => sample[(i % (h * w)) * c + Math.floor(i / (h * w))]);
  return [data, [1, c, h, w]];
}
