import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position, Range } from 'vscode-languageserver-types';
import { checkSource, type ParseResult } from '../config/parse';
import type { ConfigPath, SourcePosition, SourceRange } from '../config/problem';
import { isTooLarge, readSource, type ConfigSource } from '../config/source';
import { pairOf, walk, type Extent, type NamedExtent, type PairNode, type SyntaxNode } from './syntax/node';
import { parseTree, type SyntaxTree } from './syntax/tree';

/** One version of a config's text, and what has been found out of it; each part is worked out when first asked for. */
export class ConfigDocument implements ConfigSource {
  /** Whether it is so long that nothing more than this is said of it. */
  readonly isTooLarge: boolean;
  private readonly tree: SyntaxTree;
  private whole: ConfigSource | undefined;
  private checked: ParseResult | undefined;
  private marks: ReadonlyMap<string, SyntaxNode> | undefined;

  /** @param previous The version before, whose work is used again where the text is the same. */
  constructor(
    readonly text: TextDocument,
    previous?: ConfigDocument,
  ) {
    const content = text.getText();
    this.isTooLarge = isTooLarge(content);
    this.tree = this.isTooLarge ? tooLarge : parseTree(content, previous?.tree.cache);
  }

  static of(content: string, uri = 'file:///lenet.pocketflow.yaml'): ConfigDocument {
    return new ConfigDocument(TextDocument.create(uri, 'pocketflow', 0, content));
  }

  get uri(): string {
    return this.text.uri;
  }

  get content(): string {
    return this.text.getText();
  }

  /** The nodes of the text; of a broken text, those that could be made out. */
  get root(): SyntaxNode | undefined {
    return this.tree.root;
  }

  get value(): unknown {
    return this.tree.hasErrors ? this.source.value : this.tree.value;
  }

  /** What is wrong with the text as YAML. */
  get problems(): ConfigSource['problems'] {
    return this.tree.hasErrors ? this.source.problems : [];
  }

  /** What is wrong with it as YAML and as a config. */
  get check(): ParseResult {
    return (this.checked ??= checkSource(this));
  }

  locate(path: ConfigPath, at: 'key' | 'value' = 'value'): SourceRange {
    if (this.tree.hasErrors) return this.source.locate(path, at);
    const { start, end } = this.extentOf(path, at) ?? this.firstContent();
    return { start: this.sourcePosition(start), end: this.sourcePosition(end) };
  }

  /** The node at a path; aliases are followed. */
  nodeAt(path: ConfigPath): SyntaxNode | undefined {
    return path.reduce<SyntaxNode | undefined>((node, segment) => this.child(node, segment), this.resolved(this.root));
  }

  /** The pair at a path that ends in a key. */
  pairAt(path: ConfigPath): PairNode | undefined {
    return pairOf(this.nodeAt(path.slice(0, -1)), String(path.at(-1)));
  }

  /** What an alias stands for; any other node itself. */
  resolved(node: SyntaxNode | undefined): SyntaxNode | undefined {
    return node?.kind === 'alias' ? this.anchors.get(node.target.name) : node;
  }

  /** What is marked, by the name of the anchor. */
  get anchors(): ReadonlyMap<string, SyntaxNode> {
    if (this.marks) return this.marks;
    const marks = new Map<string, SyntaxNode>();
    walk(this.root, (node) => {
      if (node.anchor) marks.set(node.anchor.name, node);
    });
    return (this.marks = marks);
  }

  /** Every place where an anchor's name stands. */
  mentionsOf(name: string): readonly NamedExtent[] {
    const mentions: NamedExtent[] = [];
    walk(this.root, (node) => {
      if (node.anchor?.name === name) mentions.push(node.anchor);
      if (node.kind === 'alias' && node.target.name === name) mentions.push(node.target);
    });
    return mentions;
  }

  /** The value of a node, as far as it is written; aliases are followed, up to a point. */
  plain(node: SyntaxNode | undefined): unknown {
    return this.valueOf(node, 0, { aliases: 0 });
  }

  private valueOf(node: SyntaxNode | undefined, depth: number, seen: { aliases: number }): unknown {
    // Aliases of aliases multiply.
    if (!node || depth > MAX_DEPTH || (node.kind === 'alias' && ++seen.aliases > MAX_ALIASES)) return null;
    const known = this.resolved(node);
    if (known?.kind === 'seq') return known.items.map((item) => this.valueOf(item, depth + 1, seen));
    if (known?.kind !== 'map') return known?.kind === 'scalar' ? known.value : null;
    return Object.fromEntries(
      known.pairs.map(({ key, value }) => [String(key.value), this.valueOf(value, depth + 1, seen)]),
    );
  }

  position(offset: number): Position {
    return this.text.positionAt(offset);
  }

  offset(position: Position): number {
    return this.text.offsetAt(position);
  }

  range({ start, end }: Extent): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  private get source(): ConfigSource {
    return (this.whole ??= readSource(this.content));
  }

  private child(node: SyntaxNode | undefined, segment: string | number): SyntaxNode | undefined {
    if (node?.kind === 'seq') return this.resolved(typeof segment === 'number' ? node.items[segment] : undefined);
    return this.resolved(pairOf(node, String(segment))?.value);
  }

  /** Where a path stands; for one that isn't there, the nearest thing above it. */
  private extentOf(path: ConfigPath, at: 'key' | 'value'): Extent | undefined {
    let node = this.resolved(this.root);
    let found: { readonly key?: Extent; readonly value?: Extent } = {};
    for (const segment of path) {
      const pair = pairOf(node, String(segment));
      const value = pair
        ? pair.value
        : node?.kind === 'seq' && typeof segment === 'number'
          ? node.items[segment]
          : undefined;
      if (!pair && !value) return found.key ?? found.value;
      found = { ...(pair && { key: pair.key }), ...(value && value.end > value.start && { value }) };
      node = this.resolved(value);
    }
    return at === 'key' ? (found.key ?? found.value) : (found.value ?? found.key);
  }

  private firstContent(): Extent {
    const start = Math.max(0, this.content.search(/^[^\s#]/m));
    const newline = this.content.indexOf('\n', start);
    const end = newline < 0 ? this.content.length : newline;
    const length = Math.max(this.content.slice(start, end).trimEnd().length, Math.min(1, this.content.length - start));
    return { start, end: start + length };
  }

  private sourcePosition(offset: number): SourcePosition {
    const { line, character } = this.position(offset);
    return { line: line + 1, column: character + 1, offset };
  }
}

const MAX_DEPTH = 100;
const MAX_ALIASES = 1000;
const tooLarge: SyntaxTree = { value: undefined, hasErrors: true, cache: new Map() };
