import type { Tfjs } from './kernels';

/**
 * Makes a backend that is already up the current one. `setBackend` gives a promise, for it may have to start one; with
 * one that is up it is done by the time it returns, and a pass that runs at once is on the right backend.
 */
export function activate(tf: Tfjs, name: string): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}
