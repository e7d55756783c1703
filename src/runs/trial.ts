import { z } from 'zod';

/** One thing that a search chooses, such as the keep ratio of a layer. */
export const searchDimension = z.object({
  name: z.string(),
  kind: z.enum(['float', 'int', 'categorical']),
  /** Range of a float or int. */
  low: z.number().optional(),
  high: z.number().optional(),
  log: z.boolean().optional(),
  /** Of a categorical one. */
  choices: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** Layer that it decides for; absent for a knob of the whole stage. */
  layer: z.string().optional(),
});

/** A value for each dimension of the search, in its order; null where a condition leaves the dimension out. */
export const decision = z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]));

/** What a trial's candidate costs; measured or counted, never guessed. */
export const trialCost = z.object({
  flops: z.number().optional(),
  params: z.number().optional(),
  bytes: z.number().optional(),
  sparsity: z.number().optional(),
  /** Mean bits of a weight. */
  bits: z.number().optional(),
  latencyMs: z.number().optional(),
});

/** What one trial came to. */
export const trialResult = z.object({
  stage: z.number(),
  /** From 0, in the order in which they were begun. */
  trial: z.number(),
  state: z.enum(['complete', 'pruned', 'failed']),
  /** What the sampler was told, higher is better; absent for a failed trial. */
  reward: z.number().optional(),
  /** Top-1 on the validation samples, percent, and its standard error. */
  accuracy: z.number().optional(),
  standardError: z.number().optional(),
  samples: z.number().optional(),
  cost: trialCost.optional(),
  seconds: z.number(),
  /** Why it failed or was given up. */
  message: z.string().optional(),
});

/** Events of a search, by type. */
export const searchEvents = {
  'search.started': z.object({
    stage: z.number(),
    sampler: z.string(),
    /** In words: what the reward is. */
    objective: z.string(),
    trials: z.number(),
    space: z.array(searchDimension),
  }),
  'trial.started': z.object({
    stage: z.number(),
    trial: z.number(),
    decision,
    /** Name of the sampler, or of the seed solution: uniform, erk, ... */
    origin: z.string(),
  }),
  'trial.progress': z.object({ stage: z.number(), trial: z.number(), step: z.number(), total: z.number() }),
  'trial.finished': trialResult,
  /** What the search is about, in words; paused or going; how many trials there are to be now. */
  'search.state': z.object({ stage: z.number(), text: z.string(), paused: z.boolean(), trials: z.number() }),
  /** A candidate among the best, evaluated again on the whole validation split. */
  'trial.confirmed': z.object({
    stage: z.number(),
    trial: z.number(),
    accuracy: z.number(),
    standardError: z.number(),
    samples: z.number(),
  }),
  'search.finished': z.object({
    stage: z.number(),
    /** Number of the trial whose decision the stage goes on with. */
    best: z.number(),
    /** Trials that no other beats in both accuracy and cost. */
    front: z.array(z.number()),
    seconds: z.number(),
  }),
} satisfies Record<string, z.ZodObject>;

export type SearchDimension = z.infer<typeof searchDimension>;
export type TrialDecision = z.infer<typeof decision>;
export type TrialCost = z.infer<typeof trialCost>;
export type TrialResult = z.infer<typeof trialResult>;
