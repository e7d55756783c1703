import type { Hover, Position } from 'vscode-languageserver-types';
import type { ConfigPath } from '../config/problem';
import type { ConfigDocument } from './document';
import { describeField } from './field-text';
import { layerText, modelText } from './layer-text';
import { code, markdown } from './markdown';
import { namingAt } from './names';
import { placeAt } from './place';
import { fieldAt } from './schema';
import type { Surroundings } from './surroundings';
import { targetText } from './target-text';

/** What is known of the key, the value or the layer at a place. */
export function hover(document: ConfigDocument, position: Position, around: Surroundings = {}): Hover | undefined {
  const place = placeAt(document, document.offset(position));
  if (!place) return undefined;
  const { path, extent } = place;
  const range = document.range(extent);
  if (namingAt(path) === 'layer') {
    const known = layerText(String(path[1]), around);
    const contents = known ?? (around.model && markdown(`No layer of ${code(around.model.name)} has this name.`));
    return contents && { contents, range };
  }
  const field = fieldAt(document, path);
  if (!field) return undefined;
  const { documentation } = describeField(document, path, field);
  const contents = markdown(documentation.value, factsAt(document, path, around));
  return { contents, range };
}

function factsAt(document: ConfigDocument, path: ConfigPath, around: Surroundings): string | undefined {
  const naming = namingAt(path);
  if (naming === 'model' || naming === 'modelFile') return modelText(around);
  const home = path.at(-2);
  return home === 'target' ? targetText(document, path, around) : undefined;
}
