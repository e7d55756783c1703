/// <reference lib="es2024.sharedmemory" />
import type { Batch } from './batch';

export interface RingGeometry {
  readonly slots: number;
  /** Samples that a slot has room for. */
  readonly batchSize: number;
  /** Numbers in one sample. */
  readonly sampleSize: number;
}

const STOPPED = -1;

/**
 * Batches on their way from workers to the main thread: slots in shared memory, used in turn. Batch q goes through slot
 * q mod slots in round floor(q / slots). A state word for each slot says whose turn it is: 2 * round while the slot is
 * free for that round's batch, 2 * round + 1 when the batch is there. A batch that is ready can be taken without a turn
 * of the event loop, so a main thread that computes synchronously is served all the same.
 */
export class Ring {
  private readonly words: Int32Array;
  private readonly headerBytes: number;
  private readonly slotBytes: number;

  constructor(
    readonly memory: SharedArrayBuffer,
    readonly geometry: RingGeometry,
  ) {
    this.headerBytes = headerBytes(geometry);
    this.slotBytes = slotBytes(geometry);
    this.words = new Int32Array(memory, 0, geometry.slots);
  }

  /** A ring at its start; `used` is the memory of one that ended, taken if it is large enough. */
  static allocate(geometry: RingGeometry, used?: SharedArrayBuffer): Ring {
    const bytes = headerBytes(geometry) + geometry.slots * slotBytes(geometry);
    const ring = new Ring(used && used.byteLength >= bytes ? used : new SharedArrayBuffer(bytes), geometry);
    ring.words.fill(0);
    return ring;
  }

  /** The memory of batch q, for `count` samples. */
  batch(q: number, count: number): Batch {
    const { slots, batchSize, sampleSize } = this.geometry;
    const start = this.headerBytes + (q % slots) * this.slotBytes;
    return {
      count,
      labels: new Int32Array(this.memory, start, count),
      images: new Float32Array(this.memory, start + 4 * batchSize, count * sampleSize),
    };
  }

  /** Producer: waits until batch q may be written. False when the ring was stopped. */
  whenFree(q: number): Promise<boolean> {
    return this.when(q, 2 * this.round(q));
  }

  /** Producer: batch q is there. */
  publish(q: number): void {
    const round = this.round(q);
    this.change(q, 2 * round, 2 * round + 1);
  }

  isReady(q: number): boolean {
    return Atomics.load(this.words, q % this.geometry.slots) === 2 * this.round(q) + 1;
  }

  /** Consumer: waits until batch q is there. False when the ring was stopped. */
  whenReady(q: number): Promise<boolean> {
    return this.when(q, 2 * this.round(q) + 1);
  }

  /** Consumer: batch q is no longer needed. */
  release(q: number): void {
    const round = this.round(q);
    this.change(q, 2 * round + 1, 2 * (round + 1));
  }

  /** Ends the work of both sides. */
  stop(): void {
    for (let slot = 0; slot < this.geometry.slots; slot++) {
      Atomics.store(this.words, slot, STOPPED);
      Atomics.notify(this.words, slot);
    }
  }

  private round(q: number): number {
    return Math.floor(q / this.geometry.slots);
  }

  private async when(q: number, wanted: number): Promise<boolean> {
    const slot = q % this.geometry.slots;
    for (;;) {
      const state = Atomics.load(this.words, slot);
      if (state === wanted) return true;
      if (state === STOPPED) return false;
      const waiting = Atomics.waitAsync(this.words, slot, state);
      if (waiting.async) await waiting.value;
    }
  }

  /** Leaves a stopped slot stopped. */
  private change(q: number, from: number, to: number): void {
    const slot = q % this.geometry.slots;
    Atomics.compareExchange(this.words, slot, from, to);
    Atomics.notify(this.words, slot);
  }
}

/** State words first; batches begin at a cache line. */
function headerBytes({ slots }: RingGeometry): number {
  return Math.ceil((slots * 4) / 64) * 64;
}

function slotBytes({ batchSize, sampleSize }: RingGeometry): number {
  return Math.ceil((4 * batchSize * (1 + sampleSize)) / 64) * 64;
}
