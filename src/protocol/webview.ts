import { z } from 'zod';
import { layerFact, modelFacts } from '../runs/events';

export const runStatus = z.enum(['running', 'finished', 'stopped', 'failed', 'dead']);

/** What the result panel shows of a run: plain data, and no paths of the machine that the run is on. */
export const runView = z.object({
  id: z.string(),
  /** Name of the config. */
  title: z.string(),
  status: runStatus,
  /** Whether the stop button would do something. */
  stoppable: z.boolean(),
  /** ISO 8601. */
  startedAt: z.string(),
  seconds: z.number().optional(),
  executor: z.object({ name: z.string(), version: z.string(), threads: z.number(), reason: z.string() }).optional(),
  stage: z.object({ stage: z.number(), learner: z.string(), target: z.string().optional() }).optional(),
  phase: z
    .object({
      name: z.string(),
      /** Of the phase, [0, 1]; absent where it can't be told. */
      share: z.number().optional(),
      /** Seconds. */
      eta: z.number().optional(),
    })
    .optional(),
  epochs: z.array(
    z.object({
      phase: z.string(),
      epoch: z.number(),
      epochs: z.number(),
      loss: z.number(),
      /** Percent. */
      trainAccuracy: z.number(),
      validationAccuracy: z.number().optional(),
      learningRate: z.number(),
      seconds: z.number(),
    }),
  ),
  stages: z.array(z.object({ stage: z.number(), layers: z.array(layerFact) })),
  before: modelFacts.optional(),
  after: modelFacts.optional(),
  /** Written files; asked for by their place in the list. */
  artifacts: z.array(z.object({ name: z.string(), format: z.string(), bytes: z.number() })),
  messages: z.array(z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() })),
  failure: z.object({ message: z.string(), hint: z.string().optional() }).optional(),
  stopReason: z.string().optional(),
});
export type RunView = z.infer<typeof runView>;

/** What the editor sends to the result panel. */
export const toResultPanel = z.discriminatedUnion('type', [z.object({ type: z.literal('run'), run: runView })]);
export type ToResultPanel = z.infer<typeof toResultPanel>;

/** What the result panel sends to the editor. */
export const fromResultPanel = z.discriminatedUnion('type', [
  /** It listens now. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('openArtifact'), index: z.number().int().min(0) }),
  z.object({ type: z.literal('revealArtifact'), index: z.number().int().min(0) }),
  z.object({ type: z.enum(['openConfig', 'openLog', 'stop', 'resume', 'showLayers']) }),
]);
export type FromResultPanel = z.infer<typeof fromResultPanel>;

/** What a panel of a run keeps over a reload of the window. */
export const runPanelState = z.object({
  /** URI of the run's folder. */
  run: z.string(),
});
export type RunPanelState = z.infer<typeof runPanelState>;
