import { z } from 'zod';
import { searchEvents } from './trial';

/**
 * What a run's journal holds, one JSON object a line. Readers skip types they don't know, so a newer engine's journal
 * still shows in an older window.
 */
export const JOURNAL_VERSION = 1;

export const layerFact = z.object({
  name: z.string(),
  kind: z.string(),
  /** Output channels before and after. */
  channels: z.tuple([z.number(), z.number()]),
  flops: z.tuple([z.number(), z.number()]),
  params: z.tuple([z.number(), z.number()]),
  /** Share of weights that are zero, [0, 1]. */
  sparsity: z.number(),
  /** Bits of a weight and of the layer's output, where they are quantized. */
  bits: z.object({ weights: z.number(), activations: z.number().optional() }).optional(),
  /** Relative reconstruction error of the layer's output, where the learner measured it. */
  error: z.number().optional(),
});

/** One model, measured: the "before" or "after" of a run. */
export const modelFacts = z.object({
  /** Top-1 on the test split, percent. */
  accuracy: z.number().optional(),
  samples: z.number().optional(),
  /** Multiply-adds x 2 for one sample. */
  flops: z.number(),
  params: z.number(),
  /** Parameters that are not zero. */
  nonzero: z.number(),
  /** Size of the written ONNX file. */
  bytes: z.number().optional(),
  /** gzip'd size of the same file; where zeros and codebooks show. */
  gzipBytes: z.number().optional(),
  /** Size of the written packed file, where quantized weights take their few bits; the original's for comparison. */
  packedBytes: z.number().optional(),
  /** Median latency of one sample in onnxruntime, milliseconds. */
  latencyMs: z.number().optional(),
});

const events = {
  'run.started': z.object({
    id: z.string(),
    config: z.unknown(),
    configPath: z.string().optional(),
    version: z.string(),
    pid: z.number(),
    host: z.string(),
  }),
  'run.resumed': z.object({ pid: z.number(), host: z.string() }),
  'executor.chosen': z.object({ name: z.string(), version: z.string(), threads: z.number(), reason: z.string() }),
  'stage.started': z.object({ stage: z.number(), learner: z.string(), target: z.string().optional() }),
  'phase.started': z.object({ phase: z.string(), total: z.number().optional() }),
  progress: z.object({
    phase: z.string(),
    step: z.number(),
    total: z.number(),
    /** Estimated seconds left of this phase. */
    eta: z.number().optional(),
    loss: z.number().optional(),
    accuracy: z.number().optional(),
  }),
  epoch: z.object({
    phase: z.string(),
    epoch: z.number(),
    epochs: z.number(),
    loss: z.number(),
    /** Top-1 on the training batches and on validation, percent. */
    trainAccuracy: z.number(),
    validationAccuracy: z.number().optional(),
    learningRate: z.number(),
    seconds: z.number(),
    /** Share of the epoch that the executor was at work, [0, 1]. */
    executorBusy: z.number(),
  }),
  layers: z.object({ stage: z.number(), layers: z.array(layerFact) }),
  checkpoint: z.object({ stage: z.number(), path: z.string(), phase: z.string(), epoch: z.number() }),
  measured: z.object({
    what: z.enum(['before', 'candidate', 'after']),
    stage: z.number().optional(),
    facts: modelFacts,
  }),
  artifact: z.object({ path: z.string(), format: z.string(), bytes: z.number() }),
  message: z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() }),
  ...searchEvents,
  'run.finished': z.object({ before: modelFacts, after: modelFacts, seconds: z.number() }),
  'run.stopped': z.object({ reason: z.string() }),
  'run.failed': z.object({ message: z.string(), hint: z.string().optional() }),
} satisfies Record<string, z.ZodObject>;

export type EventType = keyof typeof events;
export type EventBody<T extends EventType> = z.infer<(typeof events)[T]>;
export type RunEvent = {
  [T in EventType]: { v: number; seq: number; time: string; type: T } & EventBody<T>;
}[EventType];
/** An event before the journal has numbered and dated it. */
export type NewEvent = { [T in EventType]: { type: T } & EventBody<T> }[EventType];

export type LayerFact = z.infer<typeof layerFact>;
export type ModelFacts = z.infer<typeof modelFacts>;

const envelope = z.looseObject({ v: z.number(), seq: z.number(), time: z.string(), type: z.string() });

/** The event in one journal line; undefined when the line is cut, foreign or of a type not known here. */
export function parseEvent(line: string): RunEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const head = envelope.safeParse(value);
  if (!head.success || !Object.hasOwn(events, head.data.type)) return undefined;
  const body = events[head.data.type as EventType].safeParse(value);
  if (!body.success) return undefined;
  const { v, seq, time, type } = head.data;
  return { v, seq, time, type, ...body.data } as RunEvent;
}
