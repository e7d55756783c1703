import type { MarkupContent } from 'vscode-languageserver-types';
import type { ConfigPath } from '../config/problem';
import { metaText, optionMeta } from '../config/option-meta';
import { typeOf } from '../config/type-text';
import { chosenDefault } from './chosen-default';
import type { ConfigDocument } from './document';
import { code, markdown } from './markdown';
import { jsonSchemaOf, type Field } from './schema';
import { written } from './snippet';
import type { Sample } from './sample';

export interface FieldText {
  /** The type in a few words, as plain text. */
  readonly detail: string;
  readonly documentation: MarkupContent;
}

/** What a key means, takes and is by default. */
export function describeField(document: ConfigDocument, path: ConfigPath, field: Field): FieldText {
  const schema = jsonSchemaOf(field.schema);
  const type = typeOf(schema);
  const initial = defaultText(document, path, schema.default);
  return {
    detail: type.replaceAll('`', ''),
    documentation: markdown(
      field.description,
      metaText(optionMeta(field.schema)),
      [`*${field.required ? 'Required: ' : ''}${type}*`, initial && `Default: ${initial}`].filter(Boolean).join('  \n'),
    ),
  };
}

function defaultText(document: ConfigDocument, path: ConfigPath, initial: unknown): string | undefined {
  if (initial !== undefined && initial !== null) {
    return typeof initial === 'object' && !Array.isArray(initial) ? undefined : code(shown(initial));
  }
  const chosen = chosenDefault(document, path);
  return chosen === undefined ? undefined : `${code(shown(chosen))} (for this model and data set)`;
}

function shown(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => written(item as Sample)).join(', ')}]`
    : written(value as Sample);
}
