import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node.js';
import { answer, notify } from '../../src/protocol/connection';
import { EngineService, type Compress } from '../../src/engine/service';

// The engine's process with work that only pretends, as the `FAKE_WORK` of its environment says.
const works: Record<string, Compress> = {
  finish: (_plan, run) => {
    run.emit({ type: 'phase.started', phase: 'train', total: 2 });
    run.emit({ type: 'progress', phase: 'train', step: 2, total: 2 });
    return Promise.resolve();
  },
  fail: () => Promise.reject(Object.assign(new Error('the disk is full'), { hint: 'free some space' })),
  listen: (_plan, _run, { signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  ignore: () => new Promise(() => setInterval(() => undefined, 1000)),
  crash: () => {
    console.error('RangeError: out of fake memory');
    process.exit(3);
  },
};

const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const service = new EngineService(
  (...job) => {
    const work = works[process.env['FAKE_WORK'] ?? 'finish'];
    if (!work) throw new Error('no such fake work');
    return work(...job);
  },
  {
    event: (run, event) => notify(connection, 'event', { run: run.id, line: JSON.stringify(event) }),
    log: (entry) => notify(connection, 'log', entry),
  },
);
answer(connection, service);
connection.listen();
process.once('disconnect', () => process.exit(0));
