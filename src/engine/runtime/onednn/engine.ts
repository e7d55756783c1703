import { TAG_ANY, TYPE } from './codes';
import type { Argument, Handle, Library } from './library';

/** Types of numbers in memory. */
export type NumberType = 'f32' | 'bf16';

/**
 * Numbers in a pass below which one thread does it: threads meet after every op, which takes some microseconds, and
 * milliseconds on a machine where others keep the cores busy.
 */
const SMALL = 1_000_000;

/** A library with its engine and stream: one a process, alive until its end. */
export class Engine {
  readonly handle: Handle;
  readonly stream: Handle;
  private threads: number;

  constructor(readonly library: Library) {
    this.threads = library.threads;
    const [cpu, inOrder] = [1, 1];
    this.handle = library.make('dnnl_engine_create', cpu, 0);
    this.stream = library.make('dnnl_stream_create', this.handle, inOrder);
  }

  /** Sets threads for a pass over so many activations: before its plan is made, and before each run. */
  settleThreads(activations: number): void {
    const wanted = activations < SMALL ? 1 : this.library.threads;
    if (wanted === this.threads) return;
    this.library.setThreads(wanted);
    this.threads = wanted;
  }
}

/** Objects of the library that belong together: all are given back at once. */
export class Owned {
  private readonly destroyers: (() => void)[] = [];

  constructor(readonly engine: Engine) {}

  /** Makes an object; its own destroyer is called by {@link dispose}. */
  make(destroyer: string, name: string, ...args: Argument[]) {
    const { library } = this.engine;
    const handle = library.make(name, ...args);
    this.destroyers.push(() => library.call(destroyer, handle));
    return handle;
  }

  /** Description of dense memory, or of part of it, by the distance between neighbours in each dimension. */
  layout(dims: readonly number[], strides: readonly number[], type: NumberType): Handle {
    const name = 'dnnl_memory_desc_create_with_strides';
    return this.make('dnnl_memory_desc_destroy', name, dims.length, int64(dims), TYPE[type], int64(strides));
  }

  /** Lets a primitive choose the order of the numbers. */
  anyLayout(dims: readonly number[], type: NumberType): Handle {
    const name = 'dnnl_memory_desc_create_with_tag';
    return this.make('dnnl_memory_desc_destroy', name, dims.length, int64(dims), TYPE[type], TAG_ANY);
  }

  /** What a primitive is to compute; `name` without the ends that all such functions share. */
  describe(name: string, ...args: Argument[]): Handle {
    return this.make('dnnl_primitive_desc_destroy', `dnnl_${name}_primitive_desc_create`, this.engine.handle, ...args);
  }

  dispose(): void {
    for (const destroy of this.destroyers.splice(0).reverse()) destroy();
  }
}

export function int64(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values.map(BigInt));
}

/** Distances between neighbours of a dense row-major array. */
export function rowMajor(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let d = dims.length - 2; d >= 0; d--) strides[d] = strides[d + 1] * dims[d + 1];
  return strides;
}
