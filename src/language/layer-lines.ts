import { readSource } from '../config/source';

/** A line of a config that says something of layers. */
export interface LayerLine {
  /** From 0. */
  readonly line: number;
  /** Names and patterns that stand on it, in their order. */
  readonly patterns: readonly string[];
}

export interface LayerLines {
  readonly lines: readonly LayerLine[];
  /** Where to speak of all layers: the line of `layers`, or else of what is aimed at; from 0. */
  readonly summary: number | undefined;
}

/** Keys that speak of the whole model, the best place for a word on all layers first. */
const wholes = ['layers', 'target', 'learner', 'stages', 'model'];

/** Where a config's text speaks of layers. A text that is broken gives what can be made out. */
export function layerLines(text: string): LayerLines {
  const source = readSource(text);
  const { value } = source;
  if (!isRecord(value)) return { lines: [], summary: undefined };
  const lineOf = (...path: string[]): number => source.locate(path, 'key').start.line - 1;
  const whole = wholes.find((key) => Object.hasOwn(value, key));
  const { layers } = value;
  const byLine = new Map<number, string[]>();
  for (const pattern of isRecord(layers) ? Object.keys(layers) : []) {
    const line = lineOf('layers', pattern);
    byLine.set(line, [...(byLine.get(line) ?? []), pattern]);
  }
  return {
    lines: [...byLine].map(([line, patterns]) => ({ line, patterns })),
    summary: whole === undefined ? undefined : lineOf(whole),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
