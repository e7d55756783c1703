import { describe, expect, it } from 'vitest';
import { untilAborted } from '../../../../src/engine/training/until-aborted';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('untilAborted', () => {
  it('gives what there is, and passes errors on', async () => {
    async function* items() {
      yield* [1, 2];
      await Promise.reject(new Error('unreadable image'));
    }
    await expect(collect(untilAborted(items(), new AbortController().signal))).rejects.toThrow('unreadable image');
    async function* fine() {
      yield* await Promise.resolve([1, 2, 3]);
    }
    expect(await collect(untilAborted(fine(), new AbortController().signal))).toEqual([1, 2, 3]);
    expect(await collect(untilAborted(fine()))).toEqual([1, 2, 3]);
  });

  it('ends while an item that never comes is waited for', async () => {
    async function* items() {
      yield 1;
      await new Promise(() => undefined);
    }
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const promise = collect(untilAborted(items(), stop.signal));
    await expect(promise).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('lets the source tidy up when the reader leaves', async () => {
    let tidied = false;
    async function* items() {
      try {
        for (;;) yield await Promise.resolve(1);
      } finally {
        tidied = true;
      }
    }
    for await (const item of untilAborted(items(), new AbortController().signal)) if (item) break;
    expect(tidied).toBe(true);
  });
});
