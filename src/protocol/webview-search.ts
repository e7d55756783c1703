import { z } from 'zod';
import { decision, searchDimension, trialCost } from '../runs/trial';
import { runStatus } from './webview';

/** What the search panel shows of one trial. */
export const trialView = z.object({
  trial: z.number(),
  /** Sampler or seed solution that it comes from. */
  origin: z.string(),
  state: z.enum(['running', 'complete', 'pruned', 'failed']),
  /** Share of its work that is done, while it runs. */
  progress: z.number().optional(),
  reward: z.number().optional(),
  /** Percent, on the validation split: the whole of it once confirmed, else a sample. */
  accuracy: z.number().optional(),
  standardError: z.number().optional(),
  confirmed: z.boolean(),
  cost: trialCost,
  /** Seconds. */
  seconds: z.number().optional(),
  message: z.string().optional(),
  decision,
});
export type TrialView = z.infer<typeof trialView>;

/** All of a search but its trials. */
export const searchView = z.object({
  /** Name of the config. */
  title: z.string(),
  status: runStatus,
  /** From 0. */
  stage: z.number(),
  /** Stages that search. */
  stages: z.array(z.number()),
  sampler: z.string(),
  objective: z.string(),
  /** How many trials there are to be. */
  budget: z.number(),
  /** What the search is about, in its own words. */
  words: z.string().optional(),
  paused: z.boolean(),
  /** Seconds left, where it can be told. */
  eta: z.number().optional(),
  space: z.array(searchDimension),
  /** Of a search that has ended: number of the trial that the run goes on with. */
  chosen: z.number().optional(),
});
export type SearchView = z.infer<typeof searchView>;

/** What the editor sends to the search panel. */
export const toSearchPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('search'), view: searchView.optional(), title: z.string() }),
  /** Trials that are new or have changed; `fresh`: the page forgets those that it has. */
  z.object({ type: z.literal('trials'), fresh: z.boolean(), trials: z.array(trialView) }),
]);
export type ToSearchPanel = z.infer<typeof toSearchPanel>;

/** What the search panel sends to the editor. */
export const fromSearchPanel = z.discriminatedUnion('type', [
  /** It listens now. */
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('showStage'), stage: z.number().int().min(0) }),
  z.object({ type: z.enum(['showResult', 'showLayers', 'openConfig']) }),
]);
export type FromSearchPanel = z.infer<typeof fromSearchPanel>;
