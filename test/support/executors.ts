import type { Executor } from '../../src/engine/runtime/executor';
import { describeBackends, selectExecutor } from '../../src/engine/runtime/select';

/** Every executor that loads on this machine: all must pass the same tests. */
export async function availableExecutors(): Promise<readonly Executor[]> {
  // The first load settles the threads. They meet after every op, which takes long where others keep the cores busy.
  for (const backend of ['onednn', 'tfjs-node', 'wasm'] as const) {
    await selectExecutor({ backend, threads: 1 }).catch(() => undefined);
  }
  const findings = await describeBackends();
  const found = findings.filter(({ available }) => available);
  return Promise.all(
    found.map(async ({ name }) => (await selectExecutor({ backend: name, threads: 'auto' })).executor),
  );
}
