/** Memory that steps write and read; where it lies is decided when all steps are known. */
export interface Storage {
  readonly bytes: number;
  /** Lives through the whole pass and beyond: what comes in from outside, and what is read after it. */
  pinned: boolean;
  /** First and last step that touches it. */
  first: number;
  last: number;
  /** Bytes from the start of the arena, once planned. */
  offset: number;
}

/** What vector instructions read in one go. */
const ALIGNMENT = 64;

/**
 * Places storages so that those whose lifetimes overlap don't overlap in memory: the largest first, each into the
 * lowest gap that holds it (Pisarchyk & Lee 2020, "Efficient memory management", greedy by size).
 * @returns Bytes of the whole.
 */
export function planMemory(storages: readonly Storage[]): number {
  const placed: Storage[] = [];
  let total = 0;
  for (const storage of [...storages].sort((a, b) => b.bytes - a.bytes)) {
    if (storage.last < 0 && !storage.pinned) continue;
    let offset = 0;
    // `placed` is ordered by offset, so the first gap that holds it is the lowest.
    for (const other of placed) {
      if (!overlaps(storage, other)) continue;
      if (offset + storage.bytes <= other.offset) break;
      offset = Math.max(offset, align(other.offset + other.bytes));
    }
    storage.offset = offset;
    total = Math.max(total, offset + storage.bytes);
    const next = placed.findIndex((other) => other.offset > offset);
    placed.splice(next < 0 ? placed.length : next, 0, storage);
  }
  return align(total);
}

function overlaps(a: Storage, b: Storage): boolean {
  return a.pinned || b.pinned || (a.first <= b.last && b.first <= a.last);
}

function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
