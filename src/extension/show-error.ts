import { basename } from 'node:path';
import { window, type Uri } from 'vscode';
import { ConfigError } from '../config/problem';
import { EngineError, hintOf } from '../protocol/failure';
import { toRange } from './config/range';
import type { Services } from './services';

interface Failure {
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Tells the user what went wrong and offers what helps; resolves once that is read. `config` is where it started. */
export async function showError(services: Services, error: unknown, config?: Uri): Promise<void> {
  if (error instanceof ConfigError && config) return showConfigError(services, error, config);
  services.log.error(detailsOf(error));
  const { message, hint } = failureOf(error);
  const choice = await window.showErrorMessage(sentence(message, hint), 'Open Log');
  if (choice) services.log.show();
}

async function showConfigError({ log }: Services, error: ConfigError, config: Uri): Promise<void> {
  log.info(error.message);
  const [first, ...others] = error.problems;
  if (!first) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const text = `${basename(config.fsPath)}, line ${first.range.start.line}: ${first.message}${more}`;
  const choice = await window.showErrorMessage(text, 'Go to Line');
  if (choice) await window.showTextDocument(config, { selection: toRange(first.range) });
}

/** For the log: where it came from, in the engine if it was there. */
function detailsOf(error: unknown): string {
  if (error instanceof EngineError && error.engineStack) return error.engineStack;
  return error instanceof Error ? (error.stack ?? error.message) : failureOf(error).message;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Error) return { message: error.message, hint: hintOf(error) };
  return isFailure(error) ? error : { message: String(error) };
}

function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string';
}

function sentence(message: string, hint: string | undefined): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.${hint ? ` To mend it: ${hint}.` : ''}`;
}
