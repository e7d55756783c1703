/**
 * The same items, but waiting for one ends as soon as the signal is aborted: a stop must not wait for a batch of
 * photos to be decoded.
 * @throws the signal's reason when aborted.
 */
export async function* untilAborted<T>(items: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T, void> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await unlessAborted(() => iterator.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    const left = iterator.return?.();
    // After an abort it may be queued behind the item that is no longer waited for.
    if (!signal?.aborted) await left;
    else left?.catch(() => undefined);
  }
}

async function unlessAborted<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work();
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
