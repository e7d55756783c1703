import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node.js';
import { answer, notify } from '../protocol/connection';
import { EngineService } from './service';

// The process that does the work, forked by `EngineClient`. Its stdout and stderr stay free for native libraries.
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const service = new EngineService(
  // Loaded late: what is wrong with a config is said before any native library is loaded.
  async (...job) => (await import('./compress')).compress(...job),
  {
    event: (run, event) => notify(connection, 'event', { run: run.id, line: JSON.stringify(event) }),
    log: (entry) => notify(connection, 'log', entry),
  },
);
answer(connection, service);
connection.listen();

/** A run that doesn't end in time is cut short, and is resumed from its journal just as well. */
const GRACE_MS = 1000;

const end = (reason: string): void => {
  setTimeout(() => process.exit(1), GRACE_MS);
  void service.stop({ reason }).finally(() => process.exit(0));
};
process.once('disconnect', () => end('the window or terminal that it was started from is gone'));
process.once('SIGTERM', () => end('its process was told to end'));
// Ctrl-C goes to the whole process group, and it's for the client to say what it means.
process.on('SIGINT', () => undefined);
