import { Document, isMap, isScalar, type Scalar } from 'yaml';
import type { ConfigPath } from '../problem';

/** One value of the config to be, and why it is there. */
export interface Entry {
  readonly path: ConfigPath;
  readonly value: unknown;
  /** Stands behind the value as a comment. */
  readonly origin: string;
  /** The flag that asked for it, where one did. */
  readonly flag?: string;
}

/** The key that a map has in place of what may be written without one: `model: lenet` is `model: { zoo: lenet }`. */
const longForms: Readonly<Record<string, string>> = { model: 'zoo', dataset: 'name' };

/** In this order whatever the order of the flags. */
const keyOrder = ['model', 'dataset', 'learner', 'target', 'options', 'training', 'layers', 'compute', 'output'];

/** The text of a config that says `entries`, each with its origin beside it, under the lines of `head` as a comment. */
export function draftText(entries: readonly Entry[], head: readonly string[]): string {
  const document = new Document({});
  for (const entry of [...entries].sort((a, b) => rank(a) - rank(b) || a.path.length - b.path.length))
    put(document, entry);
  document.commentBefore = head.map((line) => (line === '' ? '' : ` ${line}`)).join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function rank({ path }: Entry): number {
  return keyOrder.indexOf(String(path[0]));
}

function put(document: Document, { path, value, origin }: Entry): void {
  for (let depth = 1; depth < path.length; depth++) {
    const at = path.slice(0, depth);
    const above: unknown = document.getIn(at, true);
    if (isMap(above)) continue;
    const long = longForms[String(at.at(-1))];
    const map = document.createNode(isScalar(above) && long !== undefined ? { [long]: above } : {});
    document.setIn(at, map);
  }
  const node = document.createNode(value) as Scalar;
  node.comment = ` ${origin}`;
  document.setIn(path, node);
}
