import type { Value } from './kernels';

/**
 * Counts who still needs each tensor, and frees it at the last release. Waiting for the end of a pass would hold every
 * activation of a step at once, and freed memory that is still in the cache is the fastest to write into again.
 */
export class Lifetimes {
  private readonly uses = new Map<Value, number>();

  retain(value: Value, times = 1): void {
    this.uses.set(value, (this.uses.get(value) ?? 0) + times);
  }

  release(value: Value): void {
    const left = (this.uses.get(value) ?? 0) - 1;
    if (left > 0) {
      this.uses.set(value, left);
      return;
    }
    this.uses.delete(value);
    value.dispose();
  }
}
