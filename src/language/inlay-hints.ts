import { InlayHintKind, type InlayHint, type Range } from 'vscode-languageserver-types';
import { stagesOf } from '../config/stages';
import type { ConfigDocument } from './document';
import type { Surroundings } from './surroundings';
import { sizeText } from './target-text';

/** What each target comes to, at the end of its line. */
export function inlayHints(document: ConfigDocument, range: Range, { outlook }: Surroundings = {}): InlayHint[] {
  const { config } = document.check;
  if (!config || !outlook) return [];
  return stagesOf(config).flatMap(({ path }, i): InlayHint[] => {
    const pair = document.pairAt([...path, 'target']);
    const stage = outlook.stages[i];
    if (!pair || !stage || 'problem' in stage) return [];
    const position = document.position(pair.end);
    if (position.line < range.start.line || position.line > range.end.line) return [];
    return [{ position, label: `= ${sizeText(stage.after)}`, kind: InlayHintKind.Type, paddingLeft: true }];
  });
}
