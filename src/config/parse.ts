import { explain } from './explain';
import type { ConfigProblem } from './problem';
import { checkRules } from './rules';
import { configSchema, type ParsedConfig } from './schema';
import { readSource, type ConfigSource } from './source';

export interface ParseResult {
  /** Present when there are no problems. */
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
  const { value, problems } = source;
  const locate: ConfigSource['locate'] = (path, at) => source.locate(path, at);
  if (problems.length > 0) return { problems, locate };
  if (value === null || value === undefined) {
    const message =
      'the config is empty: it needs `model`, `dataset` and `target`, like\nmodel: lenet\ndataset: mnist\ntarget: { flops: 0.5 }';
    return { problems: [{ path: [], at: 'value', message, range: locate([]) }], locate };
  }
  const parsed = configSchema.safeParse(value);
  const findings = parsed.success ? checkRules(parsed.data) : explain(configSchema, value);
  if (parsed.success && findings.length === 0) return { config: parsed.data, problems: [], locate };
  return {
    problems: findings
      .map((finding) => ({ ...finding, range: locate(finding.path, finding.at) }))
      .sort((a, b) => a.range.start.offset - b.range.start.offset),
    locate,
  };
}
