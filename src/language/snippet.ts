import { z } from 'zod';
import { branchesOf, constantsOf } from './schema';
import { itemOf, takesOnlyMaps, type Sample } from './sample';

/** Where a snippet is going to stand. */
export interface SnippetPlace {
  readonly flow: boolean;
  /** Column of the key, for what goes on the lines below it. */
  readonly column: number;
}

export interface ValueSnippet {
  /** What follows the colon, with its space or new line. */
  readonly text: string;
  /** Whether there is something to choose, so that completions should open again. */
  readonly asksMore: boolean;
}

/** What to write behind a key, with places to fill in; `sample` is a value that is right there. */
export function valueSnippet(schema: z.ZodType, sample: Sample, { flow, column }: SnippetPlace): ValueSnippet {
  const stops = new Stops();
  const item = itemOf(schema);
  const indent = `\n${' '.repeat(column + 2)}`;
  if (!flow && item && Array.isArray(sample) && takesOnlyMaps(item)) {
    return {
      text: `${indent}- ${bare(inline(item, sample[0] as Sample, stops), sample[0] as Sample)}`,
      asksMore: false,
    };
  }
  // A map that may be empty is begun on lines of its own, with room for more.
  if (!flow && takesOnlyMaps(schema) && schema.safeParse({}).success) {
    return {
      text: `${indent}${isEmptyMap(sample) ? '$0' : bare(inline(schema, sample, stops), sample)}`,
      asksMore: isEmptyMap(sample),
    };
  }
  const isOpen = branchesOf(schema).some((branch) => branch instanceof z.ZodString);
  return { text: ` ${inline(schema, sample, stops)}`, asksMore: isOpen };
}

/** A map on one line; without braces where it has one key, so that it can be gone on with. */
export function bareSnippet(schema: z.ZodType, sample: Sample): string {
  return bare(inline(schema, sample, new Stops()), sample);
}

function bare(map: string, sample: Sample): string {
  const single = typeof sample === 'object' && sample !== null && Object.keys(sample).length === 1;
  return single && !Array.isArray(sample) ? map.replace(/^\{ (.*) \}$/, '$1') : map;
}

/** A value on one line with its scalars to be filled in. */
export function inlineSnippet(schema: z.ZodType, sample: Sample): string {
  return inline(schema, sample, new Stops());
}

class Stops {
  private last = 0;
  next(): number {
    return ++this.last;
  }
}

function inline(schema: z.ZodType | undefined, sample: Sample, stops: Stops): string {
  if (Array.isArray(sample)) {
    const item = schema && itemOf(schema);
    return `[${sample.map((value: Sample) => inline(item, value, stops)).join(', ')}]`;
  }
  if (sample !== null && typeof sample === 'object') {
    const map = schema && mapFor(schema, sample);
    const entries = Object.entries(sample).map(([key, value]) => `${key}: ${inline(map?.[key], value, stops)}`);
    return entries.length === 0 ? '{ $0 }' : `{ ${entries.join(', ')} }`;
  }
  const branches = schema ? branchesOf(schema) : [];
  const choices = branches.flatMap(constantsOf);
  if (choices.length < 2 || branches.some((branch) => branch instanceof z.ZodString))
    return `\${${stops.next()}:${escaped(written(sample))}}`;
  const ordered = [sample, ...choices.filter((choice) => choice !== sample)];
  return `\${${stops.next()}|${ordered.map((choice) => escapedChoice(written(choice))).join(',')}|}`;
}

function mapFor(schema: z.ZodType, sample: object): Record<string, z.ZodType> | undefined {
  const maps = branchesOf(schema).filter((branch) => branch instanceof z.ZodObject);
  const map = maps.find(({ shape }) => Object.keys(sample).every((key) => Object.hasOwn(shape, key)));
  return map?.shape;
}

/** A scalar as YAML writes it. */
export function written(value: Sample): string {
  if (typeof value !== 'string') return String(value);
  return needsQuotes(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
}

/** Whether YAML would take the plain text for something else. */
export function needsQuotes(text: string): boolean {
  return (
    text.trim() !== text ||
    /^$|^[-?:,[\]{}#&*!|>'"%@`~]|[,[\]{}]|: |:$| #|[\n\r\t]/.test(text) ||
    /^(?:true|false|null|yes|no|on|off|[-+]?[\d.][\d.eE+-]*|0[xo][\da-fA-F]+|[-+]?\.(?:inf|nan))$/i.test(text)
  );
}

export function escaped(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

function escapedChoice(text: string): string {
  return text.replace(/[\\$},|]/g, '\\$&');
}

function isEmptyMap(sample: Sample): boolean {
  return sample !== null && typeof sample === 'object' && !Array.isArray(sample) && Object.keys(sample).length === 0;
}
