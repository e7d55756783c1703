/**
 * A stretch of a config that can be parsed by itself: an entry of the top level, or of a map below it. Blank lines and
 * comments belong to the entry above them.
 */
export interface Entry {
  /** Key of the top level that this entry stands below; absent when it is of the top level itself. */
  readonly parent?: EntryHead;
  readonly start: number;
  readonly end: number;
}

/** A line `key:` with a map below it. */
export interface EntryHead {
  readonly start: number;
  readonly end: number;
}

const FIRST_KEY = /^[^\s#&*!|>%@`{}[\],?-][^:]*:(?:\s|$)/;
const HEAD = /^(?:[^\s'"#&*!|>%@`{}[\],?-][^:#]*|'[^']*'|"[^"\\]*"):[ \t]*(?:#.*)?\r?$/;

/**
 * Cuts the text at the lines where an entry begins, so that after a key stroke only one small piece has to be parsed
 * again. Decides by indentation alone: where brackets or quotes run over several entries, their pieces have errors, and
 * then the text is parsed as a whole. Undefined for documents that are not one block map.
 */
export function splitEntries(text: string): Entry[] | undefined {
  const entries: { start: number; end: number; children?: number[] }[] = [];
  let childIndent = 0;
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let at = start; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const next = newline < 0 ? text.length : newline + 1;
    const indent = indentAt(text, at);
    const first = text[at + indent];
    const current = entries.at(-1);
    if (first === undefined || first === '\n' || first === '\r' || first === '#') {
      // A blank line or comment.
    } else if (indent === 0) {
      if (/^(?:---|[{[]|\.\.\.|%|[?-](?:\s|$)|\t)/.test(text.slice(at, at + 4))) return undefined;
      if (!'}])'.includes(first) || !current) {
        if (current) current.end = at;
        const head = HEAD.test(text.slice(at, newline < 0 ? text.length : newline));
        entries.push({ start: at, end: text.length, ...(head && { children: [] }) });
        childIndent = 0;
      }
    } else if (!current) {
      // Nothing that this could be part of.
      return undefined;
    } else if (current.children) {
      if (childIndent === 0) {
        if (FIRST_KEY.test(text.slice(at + indent, next)) && !/^[ ]*\t/.test(text.slice(at, next)))
          childIndent = indent;
        else delete current.children;
      }
      if (indent === childIndent && !'}])'.includes(first)) current.children?.push(at);
    }
    at = next;
  }
  return entries.flatMap(({ start, end, children }): Entry[] => {
    if (!children || children.length < 2) return [{ start, end }];
    const parent = { start, end: children[0] ?? end };
    return children.map((child, i) => ({ parent, start: child, end: children[i + 1] ?? end }));
  });
}

function indentAt(text: string, at: number): number {
  let indent = 0;
  while (text[at + indent] === ' ') indent++;
  return indent;
}
