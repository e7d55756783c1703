import { resolve } from 'node:path';
import { loadConfig } from '../../config/load';
import { print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';

/** `pocketflow check CONFIG`: says what is wrong with a config, or what it comes to. */
export async function check(context: CliContext, config: string, { json }: { json: boolean }): Promise<number> {
  const plan = await loadConfig(resolve(context.cwd, config));
  if (json) printJson(context, { config, problems: [], plan });
  else print(context, `${config} is fine: ${plan.stages.map(({ learner }) => learner).join(', then ')}`);
  return exitCodes.done;
}
