import { splitEntries, type Entry } from './entries';
import { movePair, type MapNode, type PairNode, type ScalarNode, type SyntaxNode } from './node';
import { parseNode } from './parse-node';

/** The nodes and the plain value of a text. */
export interface SyntaxTree {
  readonly root?: SyntaxNode;
  /** Undefined when there are errors. */
  readonly value: unknown;
  /** Whether something is wrong that only parsing the text as a whole can tell rightly. */
  readonly hasErrors: boolean;
  readonly cache: EntryCache;
}

/** Parsed entries by their text; offsets count from the start of the entry. */
export type EntryCache = ReadonlyMap<string, ParsedEntry>;

interface ParsedEntry {
  /** Normally one. */
  readonly pairs: readonly PairNode[];
  readonly value: unknown;
  readonly hasErrors: boolean;
  /** The pairs where they stood last: most texts differ from the one before in what comes after. */
  placed?: { readonly offset: number; readonly pairs: readonly PairNode[] };
}

const emptyCache: EntryCache = new Map();

/** Parses a text; entries that are in `known` are taken from there. */
export function parseTree(text: string, known: EntryCache = emptyCache): SyntaxTree {
  const entries = splitEntries(text);
  if (!entries) {
    const { root, value, hasErrors } = parseNode(text);
    return { ...(root && { root }), value, hasErrors, cache: emptyCache };
  }
  const cache = new Map<string, ParsedEntry>();
  const parse = (start: number, end: number): ParsedEntry => {
    const part = text.slice(start, end);
    const entry = known.get(part) ?? cache.get(part) ?? parseEntry(part);
    cache.set(part, entry);
    return entry;
  };
  const assembly = new Assembly();
  for (const group of groups(entries)) {
    const { parent } = group[0];
    const head = parent && parse(parent.start, parent.end);
    const inner = head ? new Assembly() : assembly;
    for (const { start, end } of group) inner.add(parse(start, end), start);
    if (head && parent) assembly.addMap(head, parent.start, inner);
  }
  const root = assembly.node();
  return { ...(root && { root }), value: assembly.value(), hasErrors: assembly.hasErrors, cache };
}

/** Runs of entries with the same parent. */
function groups(entries: readonly Entry[]): Entry[][] {
  const runs: Entry[][] = [];
  for (const entry of entries) {
    const run = runs.at(-1);
    if (entry.parent && run?.[0]?.parent === entry.parent) run.push(entry);
    else runs.push([entry]);
  }
  return runs;
}

/** A map that is put together from its entries. */
class Assembly {
  private readonly pairs: PairNode[] = [];
  private readonly values: [string, unknown][] = [];
  private readonly keys = new Set<string>();
  hasErrors = false;

  add(entry: ParsedEntry, offset: number): void {
    const { pairs, value, hasErrors } = entry;
    this.addPairs(placedAt(entry, offset), isRecord(value) ? Object.entries(value) : []);
    if (hasErrors || pairs.length !== 1) this.hasErrors = true;
  }

  addMap(head: ParsedEntry, offset: number, inner: Assembly): void {
    const pair = head.pairs[0];
    const node = inner.node();
    if (!pair || !node) return void (this.hasErrors = true);
    const key = movePair(pair, offset).key;
    this.addPairs([{ key, value: node, start: key.start, end: node.end }], [[String(key.value), inner.value()]]);
    if (head.hasErrors || inner.hasErrors) this.hasErrors = true;
  }

  node(): MapNode | undefined {
    const [first, last] = [this.pairs[0], this.pairs.at(-1)];
    if (!first || !last) return undefined;
    return { kind: 'map', flow: false, pairs: this.pairs, start: first.start, end: last.end };
  }

  value(): unknown {
    if (this.hasErrors) return undefined;
    return this.pairs.length === 0 ? null : Object.fromEntries(this.values);
  }

  private addPairs(pairs: readonly PairNode[], values: readonly [string, unknown][]): void {
    for (const { key } of pairs) {
      if (this.keys.has(String(key.value))) this.hasErrors = true;
      this.keys.add(String(key.value));
    }
    this.pairs.push(...pairs);
    this.values.push(...values);
  }
}

function placedAt(entry: ParsedEntry, offset: number): readonly PairNode[] {
  if (entry.placed?.offset === offset) return entry.placed.pairs;
  const pairs = entry.pairs.map((pair) => movePair(pair, offset));
  entry.placed = { offset, pairs };
  return pairs;
}

function parseEntry(text: string): ParsedEntry {
  const { root, value, hasErrors } = parseNode(text);
  if (root?.kind === 'map') return { pairs: root.pairs, value, hasErrors: hasErrors || hasDuplicates(root) };
  // A key that is only half typed is nothing but a word so far.
  const key = root?.kind === 'scalar' && root.style === 'plain' ? bareKey(root) : undefined;
  return { pairs: key ? [key] : [], value: undefined, hasErrors: true };
}

function bareKey(key: ScalarNode): PairNode {
  return { key, start: key.start, end: key.end };
}

function hasDuplicates(node: SyntaxNode | undefined): boolean {
  if (node?.kind === 'seq') return node.items.some(hasDuplicates);
  if (node?.kind !== 'map') return false;
  if (new Set(node.pairs.map(({ key }) => String(key.value))).size < node.pairs.length) return true;
  return node.pairs.some(({ value }) => hasDuplicates(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
