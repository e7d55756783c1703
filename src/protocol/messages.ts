import { z } from 'zod';

/** A run under way, as the engine's clients know it. */
const runReference = z.object({
  id: z.string(),
  /** Absolute path of the run's folder; its journal is what the run is. */
  directory: z.string(),
});
export type RunReference = z.infer<typeof runReference>;

/** How a run ended. What it found out is in its journal. */
const outcome = z.discriminatedUnion('state', [
  z.object({ state: z.literal('finished') }),
  /** Can be resumed. */
  z.object({ state: z.literal('stopped') }),
  z.object({ state: z.literal('failed'), message: z.string(), hint: z.string().optional() }),
]);
export type Outcome = z.infer<typeof outcome>;

/** Threads where the config leaves them open. */
const threads = z.number().int().positive().optional();

/** What a client asks of the engine's process. One process works on one run at a time. */
export const requests = {
  /** Checks the config and starts a run; answers as soon as it has a journal. */
  compress: {
    params: z.object({
      configPath: z.string(),
      /** Folder that `.pocketflow/runs` is in. */
      workspace: z.string(),
      /** In place of the config's own `output.directory`. */
      outDirectory: z.string().optional(),
      threads,
    }),
    result: runReference,
  },
  /** Goes on with a run whose process has ended. */
  resume: { params: z.object({ runDirectory: z.string(), threads }), result: runReference },
  /** Answers when the run that was started last has ended. */
  outcome: { params: z.object({}), result: outcome },
  /** Answers when the run has ended, which it does at the end of its current step; false when none was going. */
  stop: { params: z.object({ reason: z.string() }), result: z.object({ stopped: z.boolean() }) },
} satisfies Record<string, { params: z.ZodType; result: z.ZodType }>;

export type Requests = typeof requests;
export type Method = keyof Requests;
export type Params<M extends Method> = z.input<Requests[M]['params']>;
export type Result<M extends Method> = z.output<Requests[M]['result']>;

/** What the engine's process tells its client unasked. */
export const notifications = {
  /** A line of the journal of the run under way, as it is on disk; `parseEvent` reads it. */
  event: z.object({ run: z.string(), line: z.string() }),
  log: z.object({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error']), text: z.string() }),
} satisfies Record<string, z.ZodType>;

export type Notifications = typeof notifications;
export type NotificationName = keyof Notifications;
export type NotificationBody<N extends NotificationName> = z.infer<Notifications[N]>;
export type LogEntry = NotificationBody<'log'>;
