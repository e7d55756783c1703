import { explain } from './explain';
import { hasErrors, problemAt, type ConfigProblem, type Finding } from './problem';
import { checkRules } from './rules';
import { configSchema, type ParsedConfig } from './schema';
import { readSource, type ConfigSource } from './source';
import { upgraded } from './versions';

export interface ParseResult {
  /** Present when no problem is an error. */
  readonly config?: ParsedConfig;
  /** In the order of the text. */
  readonly problems: readonly ConfigProblem[];
  readonly locate: ConfigSource['locate'];
}

/** Reads and checks the text of a `.pocketflow.yaml`. Never throws: everything wrong is a problem with its place. */
export function parseConfig(text: string): ParseResult {
  return checkSource(readSource(text));
}

/** Checks what a text says, however it was read. */
export function checkSource(source: ConfigSource): ParseResult {
  const { value, problems: unreadable } = source;
  const locate: ConfigSource['locate'] = (path, at) => source.locate(path, at);
  if (unreadable.length > 0) return { problems: unreadable, locate };
  const { config, findings } = checkValue(value);
  const problems = findings
    .map((finding) => problemAt(finding, locate(finding.path, finding.at)))
    .sort((a, b) => a.range.start.offset - b.range.start.offset);
  return { ...(config && !hasErrors(problems) ? { config } : {}), problems, locate };
}

function checkValue(written: unknown): { config?: ParsedConfig; findings: readonly Finding[] } {
  if (written === null || written === undefined) return { findings: [empty] };
  const latest = upgraded(written);
  // By the rules of another version, whatever else might be said would be wrong.
  if ('finding' in latest) return { findings: [latest.finding] };
  const parsed = configSchema.safeParse(latest.value);
  return parsed.success
    ? { config: parsed.data, findings: checkRules(parsed.data) }
    : { findings: explain(configSchema, latest.value) };
}

const empty: Finding = {
  path: [],
  at: 'value',
  code: 'empty-config',
  message:
    'the config is empty: it needs `model`, `dataset` and `target`, like\nmodel: lenet\ndataset: mnist\ntarget: { flops: 0.5 }',
};
