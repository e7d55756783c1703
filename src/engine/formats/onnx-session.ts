import type { InferenceSession } from 'onnxruntime-node';
import type { Batch } from '../data/batch';
import type { Shape } from '../graph/node';
import { ModelFileError } from './model-file-error';

/** An ONNX file in onnxruntime: another implementation than the one that made it. */
export class OnnxSession {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tensor: typeof import('onnxruntime-node').Tensor,
  ) {}

  /** @throws ModelFileError when onnxruntime is missing or refuses the file. */
  static async open(path: string, threads: number): Promise<OnnxSession> {
    try {
      const { InferenceSession, Tensor } = await import('onnxruntime-node');
      const options = { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
      return new OnnxSession(await InferenceSession.create(path, options), Tensor);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ModelFileError(`onnxruntime can't open ${path}: ${reason}`);
    }
  }

  /** The model's output for each sample of an NHWC batch, row-major `[batch.count, outputs]`. */
  async forward(batch: Batch, shape: Shape): Promise<Float32Array> {
    const images = channelsFirst(batch.images, batch.count, shape);
    const dims = shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;
    return this.run(images, [batch.count, ...dims]);
  }

  /** One run on an input that is laid out as the file wants it. */
  async run(data: Float32Array, dims: readonly number[]): Promise<Float32Array> {
    const input = this.session.inputNames[0];
    const output = this.session.outputNames[0];
    const results = await this.session.run({ [input]: new this.tensor('float32', data, dims) });
    return results[output].data as Float32Array;
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

/** NHWC to NCHW. */
function channelsFirst(images: Float32Array, count: number, shape: Shape): Float32Array {
  if (shape.length !== 3 || shape[2] === 1) return images.slice(0, count * shape.reduce((a, b) => a * b, 1));
  const [height, width, channels] = shape;
  const area = height * width;
  const result = new Float32Array(count * area * channels);
  for (let n = 0; n < count; n++) {
    const base = n * area * channels;
    for (let p = 0; p < area; p++) {
      for (let c = 0; c < channels; c++) result[base + c * area + p] = images[base + p * channels + c];
    }
  }
  return result;
}
