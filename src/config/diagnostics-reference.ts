import { diagnosticCodes, type DiagnosticKind } from './diagnostic-codes';

const intro = `# Diagnostics

<!-- Made by scripts/docs.mjs from src/config/diagnostic-codes.ts. Edit that, not this. -->

What the editor and \`pocketflow check\` can find wrong with a config, by the code that stands beside the message. An error
keeps the config from running; a warning marks what is probably not meant.
`;

/** The text of docs/diagnostics.md; each code is a heading, so that links can lead to it. */
export function diagnosticsReference(): string {
  const kinds = Object.entries<DiagnosticKind>(diagnosticCodes);
  const sections = kinds.map(
    ([code, { severity, title, explanation }]) => `## ${code}\n\n**${title}** (${severity}). ${explanation}\n`,
  );
  return [intro, ...sections].join('\n');
}
