import { z } from 'zod';
import {
  CompletionItemKind,
  InsertTextFormat,
  InsertTextMode,
  type CompletionItem,
  type Position,
} from 'vscode-languageserver-types';
import type { ConfigPath } from '../config/problem';
import { typeOf } from '../config/type-text';
import { chosenDefault } from './chosen-default';
import type { ConfigDocument } from './document';
import { describeField } from './field-text';
import { globsOf } from './layer-globs';
import { layerText } from './layer-text';
import { namingAt } from './names';
import { itemOf, samplesOf, type Sample } from './sample';
import { branchesAt, constantsOf, fieldsAt, jsonSchemaOf, mapsAt, type Field } from './schema';
import { bareSnippet, escaped, inlineSnippet, needsQuotes, valueSnippet } from './snippet';
import type { Surroundings } from './surroundings';
import { cursorAt, type Cursor } from './syntax/cursor';
import { unquoted } from './syntax/quotes';
import { canBeRenamed, WhatIf } from './what-if';

/** What may be written at a place, the most needed first. */
export function complete(document: ConfigDocument, position: Position, around: Surroundings = {}): CompletionItem[] {
  if (document.isTooLarge) return [];
  const cursor = cursorAt(document.content, document.offset(position));
  if (!cursor) return [];
  const completion = new Completion(document, cursor, around);
  const items = cursor.role === 'key' ? completion.keys() : completion.values();
  return items.map((item, index) => ({ ...item, sortText: String(index).padStart(4, '0') }));
}

/** Chosen values are typed to their end by these as well. */
const commitValue = [',', '}', ']'];
const suggestAgain = { title: '', command: 'editor.action.triggerSuggest' };

class Completion {
  private readonly whatIf = new Map<string, WhatIf>();

  constructor(
    private readonly document: ConfigDocument,
    private readonly cursor: Cursor,
    private readonly around: Surroundings,
  ) {}

  keys(): CompletionItem[] {
    const { path } = this.cursor;
    const map = this.document.nodeAt(path);
    const { start, end } = this.cursor.replace;
    const pairs = map?.kind === 'map' ? map.pairs.filter(({ key }) => key.end < start || key.start > end) : [];
    const present = pairs.map(({ key }) => String(key.value));
    const items = [
      ...this.fieldItems(fieldsAt(this.document, path, present), present),
      ...(path.length === 1 && path[0] === 'layers' ? this.layerItems(present) : []),
    ];
    // Nothing else stands in the map, so it may not be meant to be one.
    if (present.length === 0 && !this.cursor.hasColon && path.length > 0) {
      return [...items, ...this.newItems(), ...this.values()];
    }
    return items;
  }

  values(): CompletionItem[] {
    const { path } = this.cursor;
    const branches = branchesAt(this.document, path);
    const naming = namingAt(path);
    return [
      ...this.constantItems(branches),
      ...(naming === 'model' || naming === 'modelFile' ? this.fileItems(this.around.files?.models) : []),
      ...(naming === 'folder' ? this.fileItems(this.around.files?.folders, CompletionItemKind.Folder) : []),
      ...this.numberItems(branches),
      ...(this.cursor.role === 'value' ? this.shapeItems(branches) : []),
    ];
  }

  private fieldItems(fields: readonly Field[], present: readonly string[]): CompletionItem[] {
    const { path, hasColon, flow, column } = this.cursor;
    return fields
      .filter((field) => !present.includes(field.key) && (!hasColon || this.canStandFor(field, fields)))
      .sort((a, b) => Number(b.required) - Number(a.required))
      .flatMap((field): CompletionItem[] => {
        const sample = this.sampleFor(field);
        if (sample === undefined) return [];
        const snippet = valueSnippet(field.schema, sample, { flow, column });
        const { detail, documentation } = describeField(this.document, [...path, field.key], field);
        return [
          this.item(field.key, hasColon ? escaped(field.key) : `${escaped(field.key)}:${snippet.text}`, {
            kind: CompletionItemKind.Property,
            detail: field.required ? `${detail} (required)` : detail,
            documentation,
            ...(snippet.asksMore && !hasColon && { command: suggestAgain }),
          }),
        ];
      });
  }

  /** Whether a key can take the place of the one at the cursor, with the value that stands behind that. */
  private canStandFor({ key }: Field, fields: readonly Field[]): boolean {
    const { start, end } = this.cursor.replace;
    const old = this.document.content.slice(start, end);
    if (unquoted(old) === key) return true;
    if (fields.some((field) => field.required && field.key === unquoted(old))) return false;
    return canBeRenamed(this.document, [...this.cursor.path, unquoted(old)], key);
  }

  /** A value to begin with that goes with the rest of the config. */
  private sampleFor({ key, schema }: Field): Sample | undefined {
    const path = [...this.cursor.path, key];
    const chosen = chosenDefault(this.document, path);
    const samples = [...(chosen === undefined ? [] : [chosen]), ...samplesOf(schema, key)];
    // Options are a map of whatever the learner has.
    if (key === 'options') samples.push(...mapsAt(this.document, path).flatMap((map) => samplesOf(map)));
    if (key === 'layers') samples.unshift(...this.layerSamples());
    const whatIf = this.tried(path);
    const fitting = samples.filter((sample) => whatIf.fits(sample));
    // An empty map is allowed, and says nothing.
    return fitting.find((sample) => !isEmpty(sample)) ?? fitting[0];
  }

  private layerSamples(): Sample[] {
    const name = this.around.model?.layers[0]?.name;
    return name === undefined ? [] : [{ [name]: { skip: true } }];
  }

  private layerItems(present: readonly string[]): CompletionItem[] {
    const { model } = this.around;
    if (!model) return [];
    const names = model.layers.map(({ name }) => name);
    const globs = globsOf(names).map((glob) => ({ name: glob, kind: CompletionItemKind.Folder, detail: 'pattern' }));
    const layers = model.layers.map(({ name, kind }) => ({ name, kind: CompletionItemKind.Field, detail: kind }));
    return [...layers, ...globs]
      .filter(({ name }) => !present.includes(name))
      .map(({ name, kind, detail }) => {
        const key = this.inQuotes(name);
        const text = this.cursor.hasColon ? escaped(key) : `${escaped(key)}: { $0 }`;
        const documentation = layerText(name, this.around);
        return this.item(name, text, {
          kind,
          detail,
          ...(documentation && { documentation }),
          ...(!this.cursor.hasColon && { command: suggestAgain }),
        });
      });
  }

  /** Fixed values; in a list, those that it doesn't hold yet. */
  private constantItems(branches: readonly z.ZodType[]): CompletionItem[] {
    const { path } = this.cursor;
    const list = this.document.nodeAt(path.slice(0, -1));
    const taken = list?.kind === 'seq' ? this.othersIn(path) : [];
    const field = this.fieldOf(path);
    const initial: unknown = field && jsonSchemaOf(field.schema).default;
    const constants = [...new Set(branches.flatMap(constantsOf))].filter((value) => !taken.includes(value));
    const fitting = constants.filter((value) => this.tried(path).fits(value));
    return fitting
      .sort((a, b) => Number(b === initial) - Number(a === initial))
      .map((value) =>
        this.item(String(value), escaped(typeof value === 'string' ? this.inQuotes(value) : String(value)), {
          kind: CompletionItemKind.EnumMember,
          ...(value === initial && { detail: 'default' }),
          commitCharacters: this.cursor.flow ? commitValue : [],
        }),
      );
  }

  private othersIn(path: ConfigPath): unknown[] {
    const list = this.document.nodeAt(path.slice(0, -1));
    const { start, end } = this.cursor.replace;
    if (list?.kind !== 'seq') return [];
    return list.items.filter((item) => item.end < start || item.start > end).map((item) => this.document.plain(item));
  }

  private fieldOf(path: ConfigPath): Field | undefined {
    return fieldsAt(this.document, path.slice(0, -1), []).find(({ key }) => key === path.at(-1));
  }

  private fileItems(
    files: readonly string[] = [],
    kind: CompletionItemKind = CompletionItemKind.File,
  ): CompletionItem[] {
    return files.map((file) => this.item(file, escaped(this.inQuotes(file)), { kind }));
  }

  /** A number to begin with: the default, or one that is right. */
  private numberItems(branches: readonly z.ZodType[]): CompletionItem[] {
    const { path } = this.cursor;
    const field = this.fieldOf(path);
    if (!field || !branches.some((branch) => branch instanceof z.ZodNumber)) return [];
    const initial: unknown = jsonSchemaOf(field.schema).default;
    const numbers = samplesOf(field.schema).filter((sample) => typeof sample === 'number');
    return numbers
      .filter((number) => this.tried(path).fits(number))
      .map((number) =>
        this.item(String(number), String(number), {
          kind: CompletionItemKind.Value,
          detail: number === initial ? 'default' : typeOf(jsonSchemaOf(field.schema)).replaceAll('`', ''),
        }),
      );
  }

  /** Maps and lists in brackets, for keys whose value is one. */
  private shapeItems(branches: readonly z.ZodType[]): CompletionItem[] {
    const { path } = this.cursor;
    return branches
      .filter(
        (branch) => branch instanceof z.ZodObject || branch instanceof z.ZodRecord || branch instanceof z.ZodArray,
      )
      .flatMap((branch) => {
        const sample = this.tried(path).best(samplesOf(branch, String(path.at(-1))));
        if (sample === undefined) return [];
        const label = JSON.stringify(sample)
          .replace(/"(\w+)":[^,}]*/g, '$1: …')
          .replace(/^\{(.+)\}$/, '{ $1 }');
        const text = inlineSnippet(branch, sample);
        return [
          this.item(label, text, {
            kind: CompletionItemKind.Struct,
            ...(text.includes('$0') && { command: suggestAgain }),
          }),
        ];
      });
  }

  /** A first item, on a line below the key of a list. */
  private newItems(): CompletionItem[] {
    const { path, flow } = this.cursor;
    if (flow) return [];
    const lists = branchesAt(this.document, path).filter((branch) => branch instanceof z.ZodArray);
    return lists.flatMap((list) => {
      const item = itemOf(list);
      const sample = item && this.tried([...path, this.length(path)]).best(samplesOf(item));
      if (!item || sample === undefined) return [];
      const text = bareSnippet(item, sample);
      return [this.item(`- ${firstWord(text)}`, `- ${text}`, { kind: CompletionItemKind.Struct })];
    });
  }

  private length(path: ConfigPath): number {
    const list = this.document.nodeAt(path);
    return list?.kind === 'seq' ? list.items.length : 0;
  }

  private tried(path: ConfigPath): WhatIf {
    const key = JSON.stringify(path);
    const known = this.whatIf.get(key) ?? new WhatIf(this.document, path);
    this.whatIf.set(key, known);
    return known;
  }

  /** Text in the quotes that the cursor is in, or in those that it needs. */
  private inQuotes(text: string): string {
    const { quote } = this.cursor;
    if (quote === "'") return `'${text.replaceAll("'", "''")}'`;
    return quote === '"' || needsQuotes(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  }

  private item(label: string, snippet: string, more: Partial<CompletionItem>): CompletionItem {
    const { replace, needsSpace, needsComma } = this.cursor;
    const after = needsComma ? (/\s/.test(this.document.content[replace.end] ?? '') ? ',' : ', ') : '';
    const word = this.document.content.slice(replace.start, replace.end);
    return {
      label,
      // The editor compares this with what stands in the range that is replaced.
      filterText: word.startsWith('"') || word.startsWith("'") ? `${word[0] ?? ''}${label}` : label,
      insertTextFormat: InsertTextFormat.Snippet,
      insertTextMode: InsertTextMode.asIs,
      textEdit: { range: this.document.range(replace), newText: `${needsSpace ? ' ' : ''}${snippet}${after}` },
      ...more,
    };
  }
}

function isEmpty(sample: Sample): boolean {
  return typeof sample === 'object' && sample !== null && Object.keys(sample).length === 0;
}

function firstWord(snippet: string): string {
  return /^[\w-]+/.exec(snippet.replace(/\$\{\d+[:|]/, ''))?.[0] ?? '';
}
