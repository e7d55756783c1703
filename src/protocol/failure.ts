import { z } from 'zod';
import { diagnosticCodes, type DiagnosticCode } from '../config/diagnostic-codes';
import { ConfigError } from '../config/problem';

const position = z.object({ line: z.number(), column: z.number(), offset: z.number() });
const problem = z.object({
  path: z.array(z.union([z.string(), z.number()])),
  at: z.enum(['key', 'value']),
  code: z.enum(Object.keys(diagnosticCodes) as DiagnosticCode[]),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  replacement: z.string().optional(),
  range: z.object({ start: position, end: position }),
});

/** An error on its way through JSON-RPC. */
const failure = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('config'), file: z.string(), text: z.string(), problems: z.array(problem) }),
  z.object({ kind: z.literal('other'), hint: z.string().optional(), stack: z.string().optional() }),
]);
export type Failure = z.infer<typeof failure>;

/** A request that the engine could not fulfil; the message is meant for the user, `hint` says how to mend it. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
  constructor(
    message: string,
    readonly hint?: string,
    /** Where in the engine it came from, for the log. */
    readonly engineStack?: string,
  ) {
    super(message);
  }
}

/** The hint that the project's own errors carry. */
export function hintOf(error: unknown): string | undefined {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
}

/** What is sent of `error`. */
export function packError(error: unknown): { message: string; data: Failure } {
  if (error instanceof ConfigError) {
    const problems = error.problems.map((found) => ({ ...found, path: [...found.path] }));
    return { message: error.message, data: { kind: 'config', file: error.file, text: error.text, problems } };
  }
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { message, data: { kind: 'other', hint: hintOf(error), stack } };
}

/** The error that `packError` was given, as far as it can be had on this side. */
export function unpackError(message: string, data: unknown): Error {
  const sent = failure.safeParse(data);
  if (!sent.success) return new EngineError(message);
  if (sent.data.kind === 'other') return new EngineError(message, sent.data.hint, sent.data.stack);
  return new ConfigError(sent.data.file, sent.data.text, sent.data.problems);
}
