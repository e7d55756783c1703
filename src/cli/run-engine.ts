import { relative } from 'node:path';
import { EngineCrashError } from '../protocol/engine-crash';
import { EngineError } from '../protocol/failure';
import type { RunReference } from '../protocol/messages';
import { readRun } from '../runs/read';
import { note, print, printJson, type CliContext, type GlobalFlags } from './context';
import { factsTable } from './facts-table';
import { exitCodes } from './failure';
import { makeReporter } from './reporter';
import { bytes, duration } from '../runs/units';

type Engine = ReturnType<CliContext['startEngine']>;

/**
 * Has the engine's process work on a run, from `begin` to the end, and shows it. The first Ctrl-C stops the run, which takes
 * a second at most and loses nothing; another one kills it.
 * @returns the exit code.
 */
export async function runEngine(
  context: CliContext,
  flags: GlobalFlags,
  begin: (engine: Engine) => Promise<RunReference>,
): Promise<number> {
  const reporter = makeReporter(context, flags);
  const engine = context.startEngine({
    onEvent: (event) => reporter.event(event),
    onLog: (entry) => reporter.log(entry),
  });
  let interrupts = 0;
  const forget = context.onInterrupt(() => {
    interrupts++;
    reporter.end();
    if (interrupts > 1) return void engine.close();
    note(context, 'stopping; Ctrl-C once more kills it');
    void engine.stop('Ctrl-C');
  });
  let run: RunReference | undefined;
  try {
    run = await begin(engine);
    if (flags.json) printJson(context, { type: 'run', ...run });
    else note(context, `run ${context.colors.bold(run.id)}`);
    // Pressed while the engine was starting, when there was nothing to stop yet.
    if (interrupts > 0) await engine.stop('Ctrl-C');
    const outcome = await engine.outcome();
    reporter.end();
    if (outcome.state === 'failed') throw new EngineError(outcome.message, outcome.hint);
    return outcome.state === 'finished' ? await showResult(context, run, flags) : showStopped(context, run, flags);
  } catch (error) {
    if (interrupts > 0) return showStopped(context, run, flags);
    if (run && error instanceof EngineCrashError) {
      throw new EngineError(error.message, `nothing that the run had reached is lost: pocketflow resume ${run.id}`);
    }
    throw error;
  } finally {
    reporter.end();
    forget();
    await engine.close();
  }
}

function showStopped(context: CliContext, run: RunReference | undefined, { json }: GlobalFlags): number {
  if (run) note(context, `stopped; go on with: ${context.colors.bold(`pocketflow resume ${run.id}`)}`);
  if (json) printJson(context, { ...run, status: 'stopped' });
  return exitCodes.interrupted;
}

async function showResult(context: CliContext, run: RunReference, { json }: GlobalFlags): Promise<number> {
  const { id, directory, status, before, after, artifacts, seconds } = await readRun(run.directory);
  const files = artifacts.map(({ path, format, bytes: size }) => ({ path, format, bytes: size }));
  if (json) {
    printJson(context, { id, directory, status, before, after, artifacts: files, seconds });
    return exitCodes.done;
  }
  if (before && after) print(context, `\n${factsTable(context, before, after)}\n`);
  for (const { path, bytes: size } of files) print(context, `${relative(context.cwd, path) || path}  ${bytes(size)}`);
  note(context, `finished${seconds === undefined ? '' : ` in ${duration(seconds)}`}: ${id}`);
  return exitCodes.done;
}
