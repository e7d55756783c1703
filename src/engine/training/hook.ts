import type { Parameters, TrainingProgram } from '../runtime/executor';

export interface StepContext {
  /** Index of the step that comes next, from 0; equal to `totalSteps` once, after the last step. */
  readonly step: number;
  readonly totalSteps: number;
  readonly program: TrainingProgram;
}

/**
 * What a learner adds to the loop, such as masks that grow while the model trains. Its state goes into every
 * checkpoint, so that a resumed run goes on as if it had never stopped.
 */
export interface TrainingHook {
  /** Called before every step, and once more after the last one. */
  onStep(context: StepContext): Promise<void>;
  /** What has to survive a stop; masks, for instance. Absent: the hook has no state. */
  state?(): Parameters;
  /** Takes up `state()` of an earlier process; the program's parameters are in place by then. */
  restore?(state: Parameters, program: TrainingProgram): void;
}
