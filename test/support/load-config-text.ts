import { parseConfig } from '../../src/config/parse';
import type { RunPlan } from '../../src/config/plan';
import { resolveConfig } from '../../src/config/resolve';

/** The plan of a config that is known to be right. */
export function loadConfigText(text: string, baseDirectory: string): RunPlan {
  const { config, problems } = parseConfig(text);
  if (!config) throw new Error(problems.map(({ message }) => message).join('\n'));
  return resolveConfig(config, { baseDirectory });
}
