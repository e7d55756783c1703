import type { ConfigDocument } from './document';
import { namingAt } from './names';
import { walkPaths } from './paths';
import { branchesAt, constantsOf } from './schema';

/** Types of tokens by the numbers that the editor gets. */
export const tokenTypes = ['variable', 'enumMember'] as const;

/**
 * What the grammar can't tell by looking at a line: names of layers, and words that stand for a choice. Five numbers a
 * token, as the protocol has them: lines and characters since the last one, length, type, modifiers.
 */
export function semanticTokens(document: ConfigDocument): number[] {
  const tokens: { start: number; end: number; type: (typeof tokenTypes)[number] }[] = [];
  walkPaths(document.root, (path, node, pair) => {
    if (pair && namingAt(path) === 'layer') tokens.push({ start: pair.key.start, end: pair.key.end, type: 'variable' });
    if (node.kind !== 'scalar' || node.style !== 'plain' || typeof node.value !== 'string') return;
    const isChoice = branchesAt(document, path).some((branch) => constantsOf(branch).includes(String(node.value)));
    if (isChoice) tokens.push({ start: node.start, end: node.end, type: 'enumMember' });
  });
  let last = { line: 0, character: 0 };
  return tokens
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, end, type }) => {
      const { line, character } = document.position(start);
      const distance = line === last.line ? character - last.character : character;
      const token = [line - last.line, distance, end - start, tokenTypes.indexOf(type), 0];
      last = { line, character };
      return token;
    });
}
