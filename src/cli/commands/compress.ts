import { resolve } from 'node:path';
import { loadConfig } from '../../config/load';
import type { CliContext, GlobalFlags } from '../context';
import { runEngine } from '../run-engine';

export interface CompressFlags extends GlobalFlags {
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly threads?: number;
}

/** `pocketflow compress CONFIG`: the whole job, or with `--dry-run` what it would do. */
export async function compress(context: CliContext, config: string, flags: CompressFlags): Promise<number> {
  const configPath = resolve(context.cwd, config);
  // Mistakes in the config are told before a process is started for it.
  const plan = await loadConfig(configPath);
  const outDirectory = flags.out === undefined ? undefined : resolve(context.cwd, flags.out);
  if (flags.dryRun) {
    const { showDryRun } = await import('../show-dry-run');
    return showDryRun(context, plan, flags);
  }
  return runEngine(context, flags, (engine) =>
    engine.compress({ configPath, workspace: flags.workspace, outDirectory, threads: flags.threads }),
  );
}
