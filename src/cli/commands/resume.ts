import { findRun } from '../../runs/list';
import { readRun } from '../../runs/read';
import type { CliContext, GlobalFlags } from '../context';
import { InputError } from '../failure';
import { runEngine } from '../run-engine';

export interface ResumeFlags extends GlobalFlags {
  readonly threads?: number;
}

/** `pocketflow resume RUN`: goes on with a run that stopped, failed or died. */
export async function resume(context: CliContext, wanted: string, flags: ResumeFlags): Promise<number> {
  const runDirectory = await findRun(flags.workspace, wanted);
  const { id, status } = await readRun(runDirectory);
  if (status === 'finished')
    throw new InputError(`the run ${id} is finished`, `see it with: pocketflow runs show ${id}`);
  return runEngine(context, flags, (engine) => engine.resume({ runDirectory, threads: flags.threads }));
}
