import type { TextEdit } from 'vscode-languageserver-types';
import type { ConfigPath } from '../config/problem';
import type { ConfigDocument } from './document';
import type { Extent, MapNode, PairNode } from './syntax/node';

/** Takes the pair at a path out, with the map that it leaves empty. Undefined where that can't be done cleanly. */
export function removePair(document: ConfigDocument, path: ConfigPath): TextEdit | undefined {
  const map = document.nodeAt(path.slice(0, -1));
  const pair = document.pairAt(path);
  if (map?.kind !== 'map' || !pair) return undefined;
  if (map.pairs.length === 1 && path.length > 1 && typeof path.at(-2) === 'string') {
    return removePair(document, path.slice(0, -1));
  }
  const extent = map.flow ? flowExtent(map, pair) : blockExtent(document.content, map, pair);
  return extent && { range: document.range(extent), newText: '' };
}

function flowExtent({ pairs }: MapNode, pair: PairNode): Extent {
  const index = pairs.indexOf(pair);
  const [previous, next] = [pairs[index - 1], pairs[index + 1]];
  if (next) return { start: pair.start, end: next.start };
  return { start: previous?.end ?? pair.start, end: pair.end };
}

function blockExtent(text: string, { pairs }: MapNode, pair: PairNode): Extent | undefined {
  const lineStart = text.lastIndexOf('\n', pair.start - 1) + 1;
  if (text.slice(lineStart, pair.start).trim() !== '') {
    // Behind a dash: the next key moves up.
    const next = pairs[pairs.indexOf(pair) + 1];
    return next && { start: pair.start, end: next.start };
  }
  const newline = text.indexOf('\n', pair.end);
  return { start: lineStart, end: newline < 0 ? text.length : newline + 1 };
}

/** Adds `key: value` at the end of the map at a path. Undefined when there is no map. */
export function addPair(document: ConfigDocument, path: ConfigPath, text: string): TextEdit | undefined {
  const map = document.nodeAt(path);
  if (map?.kind !== 'map') {
    if (path.length > 0 || document.root) return undefined;
    const end = document.content.length;
    return { range: document.range({ start: end, end }), newText: `${ownLine(document.content)}${text}\n` };
  }
  const last = map.pairs.at(-1);
  if (map.flow) {
    const at = last?.end ?? map.start + 1;
    return { range: document.range({ start: at, end: at }), newText: last ? `, ${text}` : ` ${text} ` };
  }
  if (!last) return undefined;
  const { content } = document;
  const column = document.position(map.start).character;
  const newline = content.indexOf('\n', last.end);
  const end = newline < 0 ? content.length : newline - (content[newline - 1] === '\r' ? 1 : 0);
  return { range: document.range({ start: end, end }), newText: `\n${' '.repeat(column)}${text}` };
}

function ownLine(text: string): string {
  return text === '' || text.endsWith('\n') ? '' : '\n';
}
