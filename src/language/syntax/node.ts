/**
 * What a config says, with the places it says it at. Offsets are in UTF-16 code units from the start of the text, ends
 * exclusive. Unlike the YAML library's nodes these are plain immutable values, which can be moved and shared.
 */
export type SyntaxNode = MapNode | SeqNode | ScalarNode | AliasNode;

export interface Extent {
  readonly start: number;
  readonly end: number;
}

/** A name that is marked `&name`, or referred to `*name`; the extent is that of the name. */
export interface NamedExtent extends Extent {
  readonly name: string;
}

interface NodeBase extends Extent {
  readonly anchor?: NamedExtent;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** Whether it is written in braces. */
  readonly flow: boolean;
  readonly pairs: readonly PairNode[];
}

export interface PairNode extends Extent {
  readonly key: ScalarNode;
  /** Absent where nothing stands behind the key yet. */
  readonly value?: SyntaxNode;
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  /** Whether it is written in brackets. */
  readonly flow: boolean;
  readonly items: readonly SyntaxNode[];
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: unknown;
  readonly style: 'plain' | 'quoted' | 'block';
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly target: NamedExtent;
}

/** The same nodes `delta` further on. */
export function movePair(pair: PairNode, delta: number): PairNode {
  return {
    ...moveExtent(pair, delta),
    key: moveNode(pair.key, delta) as ScalarNode,
    ...(pair.value && { value: moveNode(pair.value, delta) }),
  };
}

function moveNode(node: SyntaxNode, delta: number): SyntaxNode {
  const moved = {
    ...moveExtent(node, delta),
    ...(node.anchor && { anchor: { ...moveExtent(node.anchor, delta), name: node.anchor.name } }),
  };
  switch (node.kind) {
    case 'map':
      return { kind: 'map', flow: node.flow, pairs: node.pairs.map((pair) => movePair(pair, delta)), ...moved };
    case 'seq':
      return { kind: 'seq', flow: node.flow, items: node.items.map((item) => moveNode(item, delta)), ...moved };
    case 'scalar':
      return { kind: 'scalar', value: node.value, style: node.style, ...moved };
    case 'alias':
      return { kind: 'alias', target: { ...moveExtent(node.target, delta), name: node.target.name }, ...moved };
  }
}

function moveExtent({ start, end }: Extent, delta: number): Extent {
  return { start: start + delta, end: end + delta };
}

/** The pair with this key. */
export function pairOf(node: SyntaxNode | undefined, key: string): PairNode | undefined {
  return node?.kind === 'map' ? node.pairs.find((pair) => String(pair.key.value) === key) : undefined;
}

/** Calls `visit` for `node` and everything in it, in the order of the text. */
export function walk(node: SyntaxNode | undefined, visit: (node: SyntaxNode, pair?: PairNode) => void): void {
  if (!node) return;
  visit(node);
  if (node.kind === 'seq') for (const item of node.items) walk(item, visit);
  if (node.kind !== 'map') return;
  for (const pair of node.pairs) {
    visit(pair.key, pair);
    walk(pair.value, visit);
  }
}
