import type { LogEntry } from '../protocol/messages';
import type { EventBody, RunEvent } from '../runs/events';
import { note, printJson, type CliContext } from './context';
import { factsLine } from './facts-table';
import { ProgressBar, ProgressLine } from './progress-bar';
import { bytes, duration, percent } from '../runs/units';

/** Tells what happens in a run while it happens. */
export interface Reporter {
  event(event: RunEvent): void;
  log(entry: LogEntry): void;
  /** Leaves the terminal ready for other output. */
  end(): void;
}

/** JSON lines for programs, a bar on a terminal, plain lines elsewhere. */
export function makeReporter(context: CliContext, { json, debug }: { json: boolean; debug: boolean }): Reporter {
  const log = (entry: LogEntry): void => {
    // What fails is told at the end of the command; the log has the stack to it.
    if (debug || entry.level === 'warn') note(context, entry.text);
  };
  if (json) return { event: (event) => printJson(context, event), log, end: () => undefined };
  return context.interactive ? terminalReporter(context, log) : plainReporter(context, log);
}

function terminalReporter(context: CliContext, log: Reporter['log']): Reporter {
  const bar = new ProgressBar(context.stderr);
  return {
    event: (event) => {
      if (event.type === 'progress') return bar.update(event);
      const line = describe(event, context);
      if (line === undefined) return;
      bar.clear();
      note(context, line);
    },
    log: (entry) => {
      bar.clear();
      log(entry);
    },
    end: () => bar.clear(),
  };
}

/** In a file or a CI's log a line now and then is enough. */
const PLAIN_INTERVAL_MS = 10_000;

function plainReporter(context: CliContext, log: Reporter['log']): Reporter {
  const progress = new ProgressLine();
  let last = Date.now();
  return {
    event: (event) => {
      if (event.type === 'progress') {
        const line = progress.of(event);
        if (Date.now() - last < PLAIN_INTERVAL_MS) return;
        last = Date.now();
        return note(context, line);
      }
      const line = describe(event, context);
      if (line === undefined) return;
      last = Date.now();
      note(context, line);
    },
    log,
    end: () => undefined,
  };
}

/** An event as a line; undefined for those that the end of the command tells. */
function describe(event: RunEvent, { colors }: CliContext): string | undefined {
  switch (event.type) {
    case 'executor.chosen':
      return `executor ${event.name} ${event.version}, ${event.threads} threads: ${event.reason}`;
    case 'stage.started':
      return colors.bold(`stage ${event.stage + 1}: ${event.learner}${event.target ? `, ${event.target}` : ''}`);
    case 'phase.started':
      return `${event.phase} …`;
    case 'epoch':
      return describeEpoch(event);
    case 'search.started':
      return `search: ${event.trials} trials of ${event.space.length} ratios, ${event.sampler}; ${event.objective}`;
    case 'trial.finished':
      return describeTrial(event);
    case 'trial.confirmed':
      return `  trial ${event.trial} on all ${event.samples} validation images: ${percent(event.accuracy)} ± ${event.standardError.toFixed(2)}`;
    case 'search.finished':
      return `search: the best is trial ${event.best}, ${duration(event.seconds)}`;
    case 'measured':
      return `${event.what}: ${factsLine(event.facts)}`;
    case 'artifact':
      return `wrote ${event.path} (${bytes(event.bytes)})`;
    case 'message':
      return { info: event.text, warning: colors.yellow(event.text), error: colors.red(event.text) }[event.level];
    default:
      return undefined;
  }
}

function describeTrial({ trial, accuracy, standardError = 0, message, seconds }: EventBody<'trial.finished'>): string {
  const result = accuracy === undefined ? `failed: ${message}` : `${percent(accuracy)} ± ${standardError.toFixed(2)}`;
  return `  trial ${trial}: ${result}, ${duration(seconds)}`;
}

function describeEpoch(epoch: EventBody<'epoch'>): string {
  const validation = epoch.validationAccuracy === undefined ? '' : `, validation ${percent(epoch.validationAccuracy)}`;
  return (
    `  ${epoch.phase} epoch ${epoch.epoch}/${epoch.epochs}: loss ${epoch.loss.toFixed(4)}, ` +
    `training ${percent(epoch.trainAccuracy)}${validation}, ${duration(epoch.seconds)}`
  );
}
