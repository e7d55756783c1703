import type { RunPlan } from '../config/plan';
import type { RunOutlook } from '../engine/outlook';

export interface OutlookQuestion {
  readonly id: number;
  readonly plan: RunPlan;
}

export type OutlookAnswer = { readonly id: number } & ({ readonly outlook: RunOutlook } | { readonly failure: string });
