import type { MarkupContent } from 'vscode-languageserver-types';

export function markdown(...paragraphs: readonly (string | undefined)[]): MarkupContent {
  return { kind: 'markdown', value: paragraphs.filter((paragraph) => paragraph).join('\n\n') };
}

/** Text as code that may hold anything. */
export function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
