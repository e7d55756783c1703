import type { ConfigPath } from '../../config/problem';
import { flowAt } from './flow';
import type { Extent } from './node';
import { quoteOf, unquoted } from './quotes';

/** What may be written at a place in the text. */
export interface Cursor {
  /**
   * `key`: a key of the map at `path`, or, where nothing stands beside it, the map's place itself may be filled.
   * `value`: the value at `path`.
   */
  readonly role: 'key' | 'value';
  readonly path: ConfigPath;
  /** What is written there already, which whatever is chosen takes the place of. */
  readonly replace: Extent;
  /** Whether it is in braces or brackets. */
  readonly flow: boolean;
  /** Column of the keys of a block map. */
  readonly column: number;
  /** Whether a colon follows the key that stands here. */
  readonly hasColon: boolean;
  /** The quote that the cursor is in. */
  readonly quote?: '"' | "'";
  /** Whether a colon comes right before, without the space that has to follow it. */
  readonly needsSpace: boolean;
  /** Whether the next entry in the brackets follows, without the comma that has to stand before it. */
  readonly needsComma?: boolean;
}

/** An opening of a block collection on a line: a key, or the dash of an item. */
interface Opening {
  readonly column: number;
  /** Absent for a dash. */
  readonly key?: string;
  /** Offsets in the line: of the key's end and of what follows. */
  readonly keyEnd: number;
  readonly rest: number;
}

/**
 * Where in the config a place in the text is, judged by indentation and brackets around it and nothing else: what is
 * half typed, or broken further on, does not matter. Undefined in comments and where nothing can be written.
 */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  // What is written right before a comment would join it.
  if (text[offset] === '#' && /\s/.test(text[offset - 1] ?? ' ')) return undefined;
  const first = firstContent(text);
  if (startsFlow(text.slice(first, first + 1))) return first < offset ? flowAt(text, first, offset, []) : undefined;
  const lineStart = lineStartAt(text, offset);
  const line = lineOf(text, lineStart);
  const column = offset - lineStart;
  const openings = openingsOf(line);
  // What begins behind the cursor is not around it.
  const before = openings.filter((opening) =>
    opening.key === undefined ? opening.rest <= column : opening.keyEnd < column,
  );
  const here = openings.find(
    (opening) => opening.key !== undefined && opening.column <= column && column <= opening.keyEnd,
  );
  const content = line.trim() !== '' && !line.trimStart().startsWith('#');
  const indent = content ? line.search(/\S/) : column;
  const outermost = before[0] ?? here ?? { column: Math.min(indent, column) };
  const isDash = before[0] !== undefined && before[0].key === undefined;
  const above = ancestors(text, lineStart, { column: outermost.column, isDash });
  if (!above) return undefined;
  const inner: (string | number)[] = before.map((opening, i) => opening.key ?? (i === 0 ? above.index : 0));
  const path = [...above.path, ...inner];

  const last = before.at(-1);
  const flowStart = above.flow ?? (last && startsFlow(line.slice(last.rest)) ? lineStart + last.rest : undefined);
  if (flowStart !== undefined) return flowAt(text, flowStart, offset, above.flow === undefined ? path : above.path);

  if (isComment(line, column, last?.rest ?? 0)) return undefined;
  if (here) return keyCursor(text, lineStart, line, here, path, before);
  if (last?.key !== undefined) {
    const cursor = valueCursor(lineStart, line, last, column, path);
    const isEmpty = cursor?.replace.start === cursor?.replace.end;
    return isEmpty && valueFollows(text, lineStart, last.column) ? undefined : cursor;
  }
  // Only a word that is no key as yet, or nothing, stands on the line or behind its dashes.
  const from = last ? last.rest : indentOf(line, column);
  if (column < from) return undefined;
  const rest = line.slice(from);
  const word = trimComment(rest);
  if (/^(?:[|>&*!]|-\s)/.test(word) || (column > from + word.length && word !== '')) return undefined;
  if (above.siblings !== undefined && before.length === 0 && above.siblings !== from) return undefined;
  if (before.length === 0 && word === '' && nextIndent(text, lineStart) > from) return undefined;
  const start = lineStart + from;
  const quote = quoteOf(word);
  return {
    role: 'key',
    path,
    replace: { start, end: start + word.length },
    flow: false,
    column: from,
    hasColon: false,
    ...(quote && { quote }),
    needsSpace: false,
  };
}

function keyCursor(
  text: string,
  lineStart: number,
  line: string,
  here: Opening,
  path: ConfigPath,
  before: readonly Opening[],
): Cursor | undefined {
  const quote = quoteOf(line.slice(here.column, here.keyEnd));
  return {
    role: 'key',
    path,
    replace: { start: lineStart + here.column, end: lineStart + here.keyEnd },
    flow: false,
    column: before.length > 0 ? here.column : line.search(/\S/),
    hasColon: text[lineStart + here.keyEnd] === ':',
    ...(quote && { quote }),
    needsSpace: false,
  };
}

function valueCursor(
  lineStart: number,
  line: string,
  last: Opening,
  column: number,
  path: ConfigPath,
): Cursor | undefined {
  const after = line.slice(last.rest);
  const anchor = /^(?:&\S+\s+)?/.exec(after)?.[0].length ?? 0;
  const from = Math.max(last.rest + anchor, Math.min(column, last.rest + (after.trim() === '' ? after.length : 0)));
  const start = after.trim() === '' ? column : from;
  const word = trimComment(line.slice(start));
  if (column < start || /^[|>&*!]/.test(word) || column > start + word.length) return undefined;
  const quote = quoteOf(word);
  return {
    role: 'value',
    path,
    replace: { start: lineStart + start, end: lineStart + start + word.length },
    flow: false,
    column: line.search(/\S/),
    hasColon: false,
    ...(quote && { quote }),
    needsSpace: line[start - 1] === ':',
  };
}

interface Ancestors {
  readonly path: ConfigPath;
  /** Index among its siblings, where the line begins with a dash. */
  readonly index: number;
  /** Where the outermost collection in brackets around the line begins. */
  readonly flow?: number;
  /** Column of what stands above the line in the same collection. */
  readonly siblings?: number;
}

/** What a line is in, by the lines above it that are indented less. Undefined in the text of a scalar. */
function ancestors(text: string, lineStart: number, from: { column: number; isDash: boolean }): Ancestors | undefined {
  const path: (string | number)[] = [];
  let { column, isDash } = from;
  let index = 0;
  let firstIndex: number | undefined;
  let siblings: number | undefined;
  let flow: number | undefined;
  let at = lineStart;
  while (at > 0 && (column > 0 || isDash)) {
    at = lineStartAt(text, at - 1);
    const line = lineOf(text, at);
    const indent = line.search(/\S/);
    if (indent < 0 || line[indent] === '#') continue;
    if (indent > column) {
      if (firstIndex === undefined && path.length === 0) siblings = Math.min(siblings ?? indent, indent);
      continue;
    }
    const openings = openingsOf(line);
    const first = openings[0];
    if (indent === column && !(isDash && first?.key !== undefined)) {
      if (path.length === 0 && !isDash) siblings = indent;
      if (isDash && first && first.key === undefined) index++;
      continue;
    }
    const around = openings.filter(
      (opening) => opening.column < column || (isDash && opening.key !== undefined && opening.column === column),
    );
    const parent = around.at(-1);
    const outer = around[0];
    if (!parent || !outer) {
      // Text without a key that is indented less: the end of a scalar, or a bracket.
      if (/^[}\])]/.test(line.slice(indent))) continue;
      return undefined;
    }
    if (openings.length === around.length) {
      // The line ends with what this one is in.
      const rest = line.slice(parent.rest).replace(/^(?:[&!]\S*\s*)+/, '');
      const opened = rest === '' || rest.startsWith('#') ? '' : rest;
      if (startsFlow(opened)) {
        flow = at + line.length - rest.length;
        path.length = 0;
        firstIndex = index = 0;
      } else if (opened !== '') {
        return undefined;
      }
    } else if (path.length === 0 && !isDash) {
      // The rest of the line is what this one stands beside.
      siblings = openings[around.length]?.column;
    }
    if (isDash) {
      if (path.length === 0 && firstIndex === undefined) firstIndex = index;
      else if (typeof path[0] === 'number') path[0] = index;
    }
    path.unshift(...around.map((opening) => opening.key ?? 0));
    index = 0;
    ({ column } = outer);
    isDash = outer.key === undefined;
  }
  if (isDash && column === 0 && path.length > 0 && typeof path[0] === 'number') path[0] = index;
  return {
    path,
    index: firstIndex ?? index,
    ...(flow !== undefined && { flow }),
    ...(siblings !== undefined && { siblings }),
  };
}

const DASH = /^-(?:[ \t]+|$)/;
const KEY =
  /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>%@`"'{}[\],](?:[^:#]|:(?=\S)|(?<=\S)#)*?)[ \t]*(?=:(?:[ \t]|$))/;

/** The dashes and the key that a line begins with. */
function openingsOf(line: string): Opening[] {
  const openings: Opening[] = [];
  let at = /^ */.exec(line)?.[0].length ?? 0;
  for (let dash = DASH.exec(line.slice(at)); dash; dash = DASH.exec(line.slice(at))) {
    openings.push({ column: at, keyEnd: at + 1, rest: at + dash[0].length });
    at += dash[0].length;
  }
  const key = KEY.exec(line.slice(at))?.[0];
  if (key === undefined || key.trim() === '') return openings;
  const keyEnd = at + key.trimEnd().length;
  const colon = at + key.length;
  const space = /^[ \t]*/.exec(line.slice(colon + 1))?.[0].length ?? 0;
  openings.push({ column: at, key: unquoted(key.trimEnd()), keyEnd, rest: colon + 1 + space });
  return openings;
}

/** Offset of what a text begins with, apart from blank lines and comments. */
function firstContent(text: string): number {
  for (let at = 0; at < text.length;) {
    const line = lineOf(text, at);
    const indent = line.search(/[^\s\uFEFF]/);
    if (indent >= 0 && line[indent] !== '#') return at + indent;
    const newline = text.indexOf('\n', at);
    at = newline < 0 ? text.length : newline + 1;
  }
  return text.length;
}

/** Start of the line that an offset is on; `lastIndexOf` alone takes what is before the text for its first character. */
function lineStartAt(text: string, offset: number): number {
  return offset <= 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineOf(text: string, start: number): string {
  const newline = text.indexOf('\n', start);
  const line = text.slice(start, newline < 0 ? text.length : newline);
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

function startsFlow(rest: string): boolean {
  return /^(?:[&!]\S*\s+)*[{[]/.test(rest);
}

/** The word that a rest of a line holds, without the comment behind it. */
function trimComment(rest: string): string {
  const quote = quoteOf(rest);
  if (quote) {
    const end = rest.indexOf(quote, 1);
    return end < 0 ? rest.trimEnd() : rest.slice(0, end + 1);
  }
  const comment = /(?:^|[ \t])#/.exec(rest);
  return (comment ? rest.slice(0, comment.index) : rest).trimEnd();
}

function isComment(line: string, column: number, from: number): boolean {
  const rest = line.slice(from, column);
  const quote = quoteOf(rest);
  const start = quote ? rest.indexOf(quote, 1) + 1 : 0;
  if (quote && start === 0) return false;
  return /(?:^|[ \t])#/.test(rest.slice(start)) || (start === 0 && from === 0 && /^\s*#/.test(line.slice(0, column)));
}

function indentOf(line: string, column: number): number {
  const indent = line.search(/\S/);
  return indent < 0 ? column : indent;
}

/** Whether the lines below hold the value of a key in this column. */
function valueFollows(text: string, lineStart: number, column: number): boolean {
  const next = nextLine(text, lineStart);
  const indent = next?.search(/\S/) ?? -1;
  return indent > column || (indent === column && DASH.test(next?.slice(indent) ?? ''));
}

/** Column of the next line that holds something; -1 at the end. */
function nextIndent(text: string, lineStart: number): number {
  return nextLine(text, lineStart)?.search(/\S/) ?? -1;
}

/** The next line that holds something; undefined at the end. */
function nextLine(text: string, lineStart: number): string | undefined {
  for (let at = text.indexOf('\n', lineStart) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const line = lineOf(text, at);
    const indent = line.search(/\S/);
    if (indent >= 0 && line[indent] !== '#') return line;
  }
  return undefined;
}
