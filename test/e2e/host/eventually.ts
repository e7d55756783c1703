import { setTimeout } from 'node:timers/promises';

/** The first value of `probe` that `accepts` takes; its last one when time is up, for the assertion to complain of. */
export async function eventually<T>(probe: () => T, accepts: (value: T) => boolean, milliseconds = 5000): Promise<T> {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const value = probe();
    if (accepts(value) || Date.now() > deadline) return value;
    await setTimeout(20);
  }
}
