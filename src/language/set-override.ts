import { isMap, isScalar, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';

/** Where an edit changes a text: offsets and what comes in place of what is between them. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The smallest change that makes a config say `key: value` of a layer; undefined takes the key out. Comments and all that
 * is not spoken of stay as they are written. Undefined when the text can't be read, or nothing changes.
 */
export function setOverride(
  text: string,
  layer: string,
  key: string,
  value: number | undefined,
): TextChange | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const path = ['layers', layer, key];
  const old = document.getIn(path, true);
  if (value !== undefined && isScalar(old) && old.range) {
    return old.value === value ? undefined : { start: old.range[0], end: old.range[1], text: String(value) };
  }
  if (value === undefined && old === undefined) return undefined;
  const appended = value === undefined ? undefined : append(text, document, layer, `${key}: ${value}`);
  if (appended) return appended;
  if (value === undefined) remove(document, path);
  else set(document, path, value);
  return difference(text, document.toString({ lineWidth: 0 }));
}

/** One more key of the layer's entry, one more entry, or a new block at the end of the text. */
function append(text: string, document: Document, layer: string, pair: string): TextChange | undefined {
  const layers = document.get('layers', true);
  const entry = document.getIn(['layers', layer], true);
  const line = `${quoted(layer)}: { ${pair} }`;
  if (isMap(entry)) return appendTo(text, entry, pair);
  if (isMap(layers)) return layers.has(layer) ? undefined : appendTo(text, layers, line);
  const whole = document.contents;
  if (layers !== undefined || !isMap(whole) || whole.flow || whole.items.length === 0) return undefined;
  return { start: text.trimEnd().length, end: text.length, text: `\nlayers:\n  ${line}\n` };
}

/** One more pair at the end of a map: on a line of its own in a block, behind a comma in braces. */
function appendTo(text: string, map: YAMLMap, pair: string): TextChange | undefined {
  const [first, last] = [map.items[0], map.items.at(-1)].map((item) => extentOf(item));
  if (!first || !last) return undefined;
  if (map.flow) return { start: last.end, end: last.end, text: `, ${pair}` };
  const indent = first.start - (text.lastIndexOf('\n', first.start - 1) + 1);
  const newline = text.indexOf('\n', Math.max(last.start, last.end - 1));
  const at = newline < 0 ? text.length : newline;
  return { start: at, end: at, text: `\n${' '.repeat(indent)}${pair}` };
}

/** Offsets of a pair, without comments that follow. */
function extentOf(pair: Pair | undefined): { start: number; end: number } | undefined {
  const key = isScalar(pair?.key) ? pair.key.range : undefined;
  const value = pair?.value as { range?: [number, number, number] | null } | null | undefined;
  return key ? { start: key[0], end: value?.range?.[1] ?? key[1] } : undefined;
}

/** A layer's name as a key of YAML. */
function quoted(name: string): string {
  return /^[A-Za-z_][\w/.-]*$/.test(name) && !/^(true|false|null|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name);
}

function set(document: Document, path: readonly string[], value: number): void {
  const [layers, layer] = path;
  const entry = document.getIn([layers, layer]);
  if (!isMap(entry)) document.setIn([layers, layer], document.createNode({}, { flow: true }));
  document.setIn(path, value);
}

/** Takes a value out, and what is empty without it. */
function remove(document: Document, path: readonly string[]): void {
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length--) {
    const parent = path.slice(0, length);
    const left = document.getIn(parent);
    if (isMap(left) && left.items.length === 0) document.deleteIn(parent);
  }
}

/** What differs between two texts: all but their common beginning and end. */
function difference(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < shorter - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}
