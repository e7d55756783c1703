import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Scalar } from 'yaml';
import type { MapNode, NamedExtent, PairNode, ScalarNode, SyntaxNode } from './node';

export interface ParsedText {
  readonly root?: SyntaxNode;
  /** What it says, as plain values; meaningless where it has errors. */
  readonly value: unknown;
  readonly hasErrors: boolean;
}

/** Deeper than any config; less deep than the stack. */
const MAX_DEPTH = 100;

/** Parses YAML as far as it can be; never throws. Keys that stand twice are no error here. */
export function parseNode(text: string): ParsedText {
  try {
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'error' });
    const root = document.contents ? convert(document.contents, text, 0) : undefined;
    const plain = document.errors.length > 0 ? undefined : plainValue(document);
    return { ...(root && { root }), value: plain?.value, hasErrors: plain === undefined };
  } catch {
    // Nesting that is too deep for the parser's recursion.
    return { value: undefined, hasErrors: true };
  }
}

/** Undefined where aliases lead nowhere, as they do in a piece of a text whose anchors are in another. */
function plainValue(document: Document): { value: unknown } | undefined {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) as unknown };
  } catch {
    return undefined;
  }
}

function convert(node: Node, text: string, depth: number): SyntaxNode | undefined {
  if (!node.range || depth > MAX_DEPTH) return undefined;
  const [start, valueEnd] = node.range;
  const end = start + text.slice(start, valueEnd).trimEnd().length;
  const anchor = anchorOf(node, text, start);
  const base = { start, end, ...(anchor && { anchor }) };
  if (isMap(node)) {
    const pairs = node.items.flatMap(({ key, value }) => convertPair(key, value, text, depth) ?? []);
    return { kind: 'map', flow: node.flow === true, pairs, ...base } satisfies MapNode;
  }
  if (isSeq(node)) {
    const items = node.items.flatMap((item) => convert(item as Node, text, depth + 1) ?? []);
    return { kind: 'seq', flow: node.flow === true, items, ...base };
  }
  if (isAlias(node)) {
    const target: NamedExtent = { name: node.source, start: start + 1, end };
    return { kind: 'alias', target, ...base };
  }
  return isScalar(node) ? { ...scalar(node), ...base } : undefined;
}

function convertPair(key: unknown, value: unknown, text: string, depth: number): PairNode | undefined {
  if (!isScalar(key) || !key.range) return undefined;
  const name = convert(key, text, depth + 1) as ScalarNode;
  const written = isNode(value) && value.range ? convert(value, text, depth + 1) : undefined;
  // A value without characters stands for nothing; an anchor alone still marks it.
  const present = written && (written.end > written.start || written.anchor) ? written : undefined;
  return {
    key: name,
    ...(present && { value: present }),
    start: name.start,
    end: Math.max(name.end, present?.end ?? 0),
  };
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function scalar(node: Scalar): Pick<ScalarNode, 'kind' | 'value' | 'style'> {
  const style = node.type === 'PLAIN' ? 'plain' : node.type?.startsWith('QUOTE') ? 'quoted' : 'block';
  return { kind: 'scalar', value: node.value, style };
}

/** The library keeps an anchor's name and not its place, which is before the node. */
function anchorOf(node: Node, text: string, start: number): NamedExtent | undefined {
  if (isAlias(node) || !node.anchor) return undefined;
  const at = text.lastIndexOf(`&${node.anchor}`, start);
  return at < 0 ? undefined : { name: node.anchor, start: at + 1, end: at + 1 + node.anchor.length };
}
