import koffi from 'koffi';
import { TYPE } from './codes';
import { int64, type Engine, type NumberType, type Owned } from './engine';
import { OneDnnError, type Handle } from './library';
import type { DropoutMask } from '../differentiator';
import { planMemory, type Storage } from './memory-plan';

/** An activation, a parameter or a gradient: dense, row-major, batch first. */
export interface Value {
  readonly storage: Storage;
  readonly shape: readonly number[];
  readonly type: NumberType;
}

/** A part of storage as a primitive sees it. */
export interface Operand {
  readonly storage: Storage;
  readonly layout: Handle;
  /** Bytes from the start of the storage. */
  readonly offset: number;
}

/** What kernels of ours may ask of the pass that they are part of. */
export interface Pass {
  readonly dropout?: DropoutMask;
  readonly onRange?: (node: string, min: number, max: number) => void;
}

/** The numbers of a value, in native memory: valid as long as the plan. */
export type View = (value: Value) => Float32Array;

export type Step =
  | {
      readonly kind: 'primitive';
      readonly description: Handle;
      readonly operands: readonly (readonly [number, Operand])[];
    }
  | { readonly kind: 'clear'; readonly storage: Storage }
  | { readonly kind: 'kernel'; readonly make: (view: View) => (pass: Pass) => void };

/** Among oneDNN's statuses. */
const OUT_OF_MEMORY = 1;

/** Steps that have been planned: memory lies fixed, primitives are compiled, and running is a loop over calls. */
export class Plan {
  /** Bytes of native memory, all of it. */
  readonly bytes: number;
  private readonly memory: ArrayBuffer;
  private readonly runs: readonly ((pass: Pass) => void)[];

  /** @throws Error when memory runs out or a primitive can't be made. */
  constructor(
    private readonly owned: Owned,
    storages: readonly Storage[],
    steps: readonly Step[],
  ) {
    const { engine } = owned;
    this.bytes = planMemory(storages);
    const arena = allocate(owned, engine, this.bytes);
    this.memory = koffi.view(arena, this.bytes);
    const execute = engine.library.executor();
    const memories = new Map<string, Handle>();
    const memoryOf = ({ storage, layout, offset }: Operand): Handle => {
      const address = arena + BigInt(storage.offset + offset);
      const key = `${layout}@${address}`;
      let memory = memories.get(key);
      if (!memory) {
        memory = owned.make('dnnl_memory_destroy', 'dnnl_memory_create', layout, engine.handle, address);
        memories.set(key, memory);
      }
      return memory;
    };
    this.runs = steps.map((step) => {
      if (step.kind === 'kernel') return step.make((value) => this.view(value));
      if (step.kind === 'clear') {
        const bytes = new Uint8Array(this.memory, step.storage.offset, step.storage.bytes);
        return () => void bytes.fill(0);
      }
      const primitive = owned.make('dnnl_primitive_destroy', 'dnnl_primitive_create', step.description);
      const args = new BigUint64Array(step.operands.flatMap(([arg, operand]) => [BigInt(arg), memoryOf(operand)]));
      const count = step.operands.length;
      return () => execute(primitive, engine.stream, count, args);
    });
  }

  /** Runs the steps from `from` up to `to`. */
  run(from: number, to: number, pass: Pass): void {
    for (let i = from; i < to; i++) this.runs[i](pass);
  }

  view({ storage, shape, type }: Value): Float32Array {
    if (type !== 'f32') throw new Error('only float32 values can be seen from here');
    return new Float32Array(
      this.memory,
      storage.offset,
      shape.reduce((a, b) => a * b, 1),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** @throws Error that says how much memory was missing. */
function enough<T>(bytes: number, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof OneDnnError) || error.status !== OUT_OF_MEMORY) throw error;
    throw new Error(
      `a pass over this model needs ${Math.ceil(bytes / 1e6)} MB of memory, more than there is: choose a smaller ` +
        'training.batchSize',
      { cause: error },
    );
  }
}

function allocate(owned: Owned, engine: Engine, bytes: number): Handle {
  const name = 'dnnl_memory_desc_create_with_strides';
  const layout = owned.make('dnnl_memory_desc_destroy', name, 1, int64([bytes]), TYPE.u8, int64([1]));
  const allocateIt = 0xffffffffffffffffn;
  const arena = enough(bytes, () =>
    owned.make('dnnl_memory_destroy', 'dnnl_memory_create', layout, engine.handle, allocateIt),
  );
  const address = new BigUint64Array(1);
  engine.library.call('dnnl_memory_get_data_handle', arena, address);
  return address[0];
}
