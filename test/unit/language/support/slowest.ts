import { ConfigDocument } from '../../../../src/language/document';
import { blockModel } from '../../../support/lenet-facts';
import { verbs } from './every-verb';

/** No answer may take longer, whatever the text. */
export const LIMIT_MS = 1000;
const around = { model: blockModel, files: { models: ['./a.onnx'], folders: ['./photos'] } };

/** Of this process, ms: unlike the time of the clock, it does not depend on what else the machine has to do. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** How long the slowest answer took, ms of computing, with the verb that gave it; of all verbs, or those chosen. */
export function slowest(
  text: string,
  at: readonly number[],
  chosen: (verb: string) => boolean = () => true,
): [number, string] {
  let most: [number, string] = [0, ''];
  let started = cpuMs();
  const document = ConfigDocument.of(text);
  for (const offset of at) {
    const position = document.position(offset);
    for (const [name, verb] of Object.entries(verbs)) {
      if (!chosen(name)) continue;
      verb(document, position, around);
      const took = cpuMs() - started;
      if (took > most[0]) most = [took, name];
      started = cpuMs();
    }
  }
  return most;
}
