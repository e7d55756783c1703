import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { documentationOf } from '../../config/diagnostic-codes';
import { checkFiles } from '../../config/files';
import { diskProbe, readConfigText } from '../../config/load';
import type { RunPlan } from '../../config/plan';
import { formatProblem, hasErrors, type ConfigProblem } from '../../config/problem';
import { resolveConfig } from '../../config/resolve';
import type { RunOutlook } from '../../engine/outlook';
import { problemsOf } from '../../language/diagnose';
import { ConfigDocument } from '../../language/document';
import type { Surroundings } from '../../language/surroundings';
import { count } from '../../runs/units';
import { print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';

interface Findings {
  readonly problems: readonly ConfigProblem[];
  readonly plan?: RunPlan;
  readonly outlook?: RunOutlook;
}

/**
 * `pocketflow check CONFIG`: says what is wrong with a config, the same as the editor, or what it comes to. Warnings
 * alone are no failure.
 * @throws ConfigFileError; ModelFileError and the like when the config is fine and its model can't be read.
 */
export async function check(context: CliContext, config: string, { json }: { json: boolean }): Promise<number> {
  const path = resolve(context.cwd, config);
  const text = await readConfigText(path);
  const { problems, plan, outlook } = await findingsOf(path, text);
  const link = (code: ConfigProblem['code']): string => {
    const [file = '', place = ''] = documentationOf(code).split('#');
    return `${pathToFileURL(join(context.home, file)).href}#${place}`;
  };
  if (json) {
    const linked = problems.map((problem) => ({ ...problem, documentation: link(problem.code) }));
    printJson(context, {
      config,
      problems: linked,
      ...(plan && { plan }),
      ...(outlook && { model: outlook.model, stages: outlook.stages }),
    });
  } else {
    for (const problem of problems) print(context, `${describe(context, config, text, problem, link)}\n`);
    print(context, verdict(config, problems, plan, outlook));
  }
  return hasErrors(problems) ? exitCodes.badInput : exitCodes.done;
}

async function findingsOf(path: string, text: string): Promise<Findings> {
  const document = ConfigDocument.of(text, pathToFileURL(path).href);
  const { config } = document.check;
  if (!config) return { problems: problemsOf(document) };
  const plan = resolveConfig(config, { baseDirectory: dirname(path) });
  const missing = await checkFiles(config, plan, diskProbe);
  if (missing.length > 0) return { problems: problemsOf(document, { missing }), plan };
  // The engine's rooms are large: a config with errors is answered without them.
  const { Outlooks } = await import('../../engine/outlook');
  const outlook = await new Outlooks().of(plan);
  const around: Surroundings = { model: outlook.model, outlook: { stages: outlook.stages } };
  return { problems: problemsOf(document, around), plan, outlook };
}

function describe(
  { colors }: CliContext,
  config: string,
  text: string,
  problem: ConfigProblem,
  link: (code: ConfigProblem['code']) => string,
): string {
  const kind = problem.severity === 'error' ? colors.red('error') : colors.yellow('warning');
  return `${formatProblem(config, text, problem)}\n  ${kind} ${problem.code}: ${link(problem.code)}`;
}

function verdict(
  config: string,
  problems: readonly ConfigProblem[],
  plan: RunPlan | undefined,
  outlook: RunOutlook | undefined,
): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const counts = [plural(errors, 'error'), plural(warnings, 'warning')].filter((words) => words !== '').join(', ');
  if (errors > 0 || !plan) return `${config}: ${counts}`;
  const stages = plan.stages.map(({ learner }, i) => {
    const stage = outlook?.stages[i];
    if (!stage || 'problem' in stage) return learner;
    const { before, after } = stage;
    const change = (what: string, from: number, to: number): string =>
      from === to ? '' : ` ${count(from)} to ${count(to)} ${what}`;
    const changes = [
      change('FLOPs', before.flops, after.flops),
      change('parameters', before.params, after.params),
    ].filter((words) => words !== '');
    return `${learner}${changes.length > 0 ? ` (${changes.join(',').trim()})` : ''}`;
  });
  return `${config} is fine${counts === '' ? '' : `, with ${counts}`}: ${stages.join(', then ')}`;
}

function plural(n: number, noun: string): string {
  return n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}`;
}
