import { ConfigDocument } from '../../../../src/language/document';
import { blockModel } from '../../../support/lenet-facts';
import { verbs } from './every-verb';

/** No answer may take longer, whatever the text. */
export const LIMIT_MS = 1000;
const around = { model: blockModel, files: { models: ['./a.onnx'], folders: ['./photos'] } };

/** How long the slowest answer took, ms, with the verb that gave it. */
export function slowest(text: string, at: readonly number[]): [number, string] {
  let most: [number, string] = [0, ''];
  let started = performance.now();
  const document = ConfigDocument.of(text);
  for (const offset of at) {
    const position = document.position(offset);
    for (const [name, verb] of Object.entries(verbs)) {
      verb(document, position, around);
      const took = performance.now() - started;
      if (took > most[0]) most = [took, name];
      started = performance.now();
    }
  }
  return most;
}
