import type { ConfigPath } from '../../config/problem';
import type { Cursor } from './cursor';
import { quoteOf, unquoted } from './quotes';

/** A collection in brackets that is open at the cursor. */
interface Frame {
  readonly kind: 'map' | 'seq';
  /** The key whose value comes next. */
  key?: string;
  index: number;
}

/**
 * Where a place is within the collection in brackets that begins at `start` and stands at `base`. Undefined in comments,
 * behind a finished value and behind the last bracket.
 */
export function flowAt(text: string, start: number, offset: number, base: ConfigPath): Cursor | undefined {
  const frames: Frame[] = [];
  /** Whether a value is there already, so that a comma is what comes next. */
  let filled = false;
  let at = start;
  while (at < offset) {
    const character = text[at];
    const frame = frames.at(-1);
    if (character === '{' || character === '[') {
      frames.push({ kind: character === '{' ? 'map' : 'seq', index: 0 });
      filled = false;
      at++;
    } else if (character === '}' || character === ']') {
      frames.pop();
      filled = true;
      at++;
      if (frames.length === 0) return undefined;
    } else if (character === ',') {
      if (frame) {
        frame.index++;
        delete frame.key;
      }
      filled = false;
      at++;
    } else if (character === ':' && frame) {
      at++;
    } else if (character === '#' && /\s/.test(text[at - 1] ?? ' ')) {
      const newline = text.indexOf('\n', at);
      if (newline < 0 || newline >= offset) return undefined;
      at = newline + 1;
    } else if (/\s/.test(character ?? ' ')) {
      at++;
    } else {
      const end = wordEnd(text, at);
      if (end >= offset) return filled ? undefined : cursor(text, frames, base, at, end, offset);
      if (frame) filled = take(frame, text.slice(at, end), text, end) || filled;
      at = end;
    }
  }
  if (filled) return undefined;
  const end = /\s|[,:{}[\]]/.test(text[offset] ?? ' ') ? offset : wordEnd(text, offset);
  return cursor(text, frames, base, offset, end, offset);
}

/** Takes a word that ends before the cursor; answers whether it was a value. */
function take(frame: Frame, word: string, text: string, end: number): boolean {
  if (/^[&!]/.test(word)) return false;
  if (frame.kind === 'map' && frame.key === undefined && colonAfter(text, end)) {
    frame.key = unquoted(word);
    return false;
  }
  return true;
}

function cursor(
  text: string,
  frames: readonly Frame[],
  base: ConfigPath,
  start: number,
  end: number,
  offset: number,
): Cursor | undefined {
  const frame = frames.at(-1);
  const word = text.slice(start, end);
  if (!frame || /^[&*!]/.test(word) || offset > end) return undefined;
  const outer = frames.slice(0, -1).map(({ kind, key, index }) => (kind === 'map' ? (key ?? '') : index));
  const quote = quoteOf(word);
  const hasColon = frame.kind === 'map' && frame.key === undefined && colonAfter(text, end);
  const next = hasColon ? undefined : entryAfter(text, end);
  // A key's value that stands a little further on.
  if (next !== undefined && frame.key !== undefined && start === end && !startsPair(text, next)) return undefined;
  const needsComma = next !== undefined;
  const common = { replace: { start, end }, flow: true, column: 0, needsComma, ...(quote && { quote }) };
  if (frame.kind === 'seq') {
    return { role: 'value', path: [...base, ...outer, frame.index], hasColon: false, needsSpace: false, ...common };
  }
  if (frame.key !== undefined) {
    const needsSpace = text[start - 1] === ':';
    return { role: 'value', path: [...base, ...outer, frame.key], hasColon: false, needsSpace, ...common };
  }
  return { role: 'key', path: [...base, ...outer], hasColon, needsSpace: false, ...common };
}

function wordEnd(text: string, start: number): number {
  const quote = text[start];
  if (quote === '"' || quote === "'") {
    for (let at = start + 1; at < text.length; at++) {
      if (text[at] === '\n') return at;
      if (text[at] === '\\' && quote === '"') at++;
      else if (text[at] === quote) return at + 1;
    }
    return text.length;
  }
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (/[\s,{}[\]]/.test(character)) break;
    if (character === ':' && /[\s,{}[\]]|^$/.test(text[at + 1] ?? '')) break;
    at++;
  }
  return Math.max(at, start + 1);
}

function colonAfter(text: string, end: number): boolean {
  return /^[ \t]*:/.test(text.slice(end, end + 20));
}

/** Where the next entry begins, if no comma stands before it; undefined where there is one, or the brackets end. */
function entryAfter(text: string, end: number): number | undefined {
  const blank = /^(?:\s|(?<=\s)#.*)*/.exec(text.slice(end))?.[0] ?? '';
  const at = end + blank.length;
  return at >= text.length || ',}]:'.includes(text[at] ?? '') ? undefined : at;
}

function startsPair(text: string, at: number): boolean {
  return !/[{[]/.test(text[at] ?? '') && colonAfter(text, wordEnd(text, at));
}
