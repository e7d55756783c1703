import { matchingLayers } from '../config/layer-patterns';
import type { Finding } from '../config/problem';
import type { ParsedConfig } from '../config/schema';
import { stagesOf } from '../config/stages';
import { suggest } from '../config/suggest';
import type { ModelFacts, Outlook, Surroundings } from './surroundings';

/** What can only be found wrong with a config by looking at its model. */
export function checkModel(config: ParsedConfig, { model, outlook }: Surroundings): Finding[] {
  return [
    ...(model ? [...unknownLayers(config, model), ...overriddenLayers(config, model)] : []),
    ...(outlook ? impossibleStages(config, outlook) : []),
  ];
}

function unknownLayers({ layers }: ParsedConfig, model: ModelFacts): Finding[] {
  const names = namesOf(model);
  return Object.keys(layers)
    .filter((pattern) => matchingLayers(pattern, names).length === 0)
    .map((pattern): Finding => {
      const isPattern = /[*?]/.test(pattern);
      const meant = isPattern ? undefined : suggest(pattern, [...names]);
      const what = isPattern ? 'no layer whose name matches' : 'no layer';
      const advice = meant === undefined ? '' : `: did you mean \`${meant}\`?`;
      return {
        path: ['layers', pattern],
        at: 'key',
        code: 'unknown-layer',
        message: `the model ${model.name} has ${what} \`${pattern}\`${advice}`,
        ...(meant !== undefined && { replacement: meant }),
      };
    });
}

/** Entries of which nothing is left, since later ones say something else of each of their layers. */
function overriddenLayers({ layers }: ParsedConfig, model: ModelFacts): Finding[] {
  const names = namesOf(model);
  const entries = Object.entries(layers).map(([pattern, settings]) => ({
    pattern,
    keys: Object.keys(settings),
    matched: matchingLayers(pattern, names),
  }));
  /** By key and layer, the last entry that decides. */
  const last = new Map<string, number>();
  entries.forEach(({ keys, matched }, i) => {
    for (const key of keys) for (const name of matched) last.set(`${key}\0${name}`, i);
  });
  return entries.flatMap(({ pattern, keys, matched }, i): Finding[] => {
    const decided = keys.flatMap((key) => matched.map((name) => last.get(`${key}\0${name}`) ?? i));
    if (decided.length === 0 || decided.includes(i)) return [];
    const by = [...new Set(decided)].map((at) => `\`${entries[at]?.pattern ?? ''}\``).join(', ');
    return [
      {
        path: ['layers', pattern],
        at: 'key',
        code: 'overridden-layer',
        message: `nothing of this entry counts: ${by} further down says something else of the same layers`,
      },
    ];
  });
}

function namesOf(model: ModelFacts): ReadonlySet<string> {
  return new Set(model.layers.map(({ name }) => name));
}

function impossibleStages(config: ParsedConfig, { stages }: Outlook): Finding[] {
  return stagesOf(config).flatMap(({ stage, path }, i): Finding[] => {
    const outlook = stages[i];
    if (!outlook || !('problem' in outlook)) return [];
    const { problem, hint, reachable } = outlook;
    const metric = Object.entries(stage.target ?? {}).find(([, value]) => value !== undefined)?.[0];
    const at = stage.target ? [...path, 'target', ...(metric === undefined ? [] : [metric])] : path;
    return [
      {
        path: at,
        at: stage.target ? 'value' : 'key',
        code: reachable === undefined ? 'impossible-stage' : 'unreachable-target',
        message: `${problem}${hint === undefined ? '' : `: ${hint}`}`,
        ...(reachable !== undefined && { replacement: String(reachable) }),
      },
    ];
  });
}
