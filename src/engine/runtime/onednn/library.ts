import { existsSync } from 'node:fs';
import koffi, { type LibraryHandle } from 'koffi';
import { cacheDir } from '../../cache-dir';

/** Version of the `onednn-cpu-gomp` wheel that set-up unpacks; it holds oneDNN 3.2. */
export const WHEEL_VERSION = '2023.2.0';

/** Statuses of `dnnl_status_t`, by number. */
const statuses = [
  'success',
  'out of memory',
  'invalid arguments',
  'not implemented',
  'last implementation reached',
  'runtime error',
  'not required',
];

/** What oneDNN calls its instruction sets: `dnnl_cpu_isa_t`. */
const instructionSets: Readonly<Record<number, string>> = {
  0x1: 'SSE4.1',
  0x3: 'AVX',
  0x7: 'AVX2',
  0xf: 'AVX2 with VNNI',
  0x1f: 'AVX2 with VNNI and bf16 conversion',
  0x27: 'AVX-512',
  0x67: 'AVX-512 with VNNI',
  0xe7: 'AVX-512 with bf16',
  0x1ef: 'AVX-512 with fp16',
  0xfef: 'AVX-512 with AMX',
  0x1fef: 'AVX-512 with AMX fp16',
};

/** Set in `dnnl_cpu_isa_avx512_core_bf16` (0xe7) and all that include it. */
const BF16_BIT = 0x80;

export class OneDnnError extends Error {
  override readonly name = 'OneDnnError';
  constructor(
    readonly call: string,
    readonly status: number,
  ) {
    super(`oneDNN's ${call} failed: ${statuses[status] ?? `status ${status}`}`);
  }
}

/** A C handle: the address of an object that the library owns. */
export type Handle = bigint;
/** Argument of a C call: a number, a handle, or memory that it reads or writes. */
export type Argument = number | bigint | string | ArrayBufferView | null;

/** A oneDNN 3.x that has been loaded, with its threads set. */
export interface Library {
  readonly path: string;
  /** `3.2.0` and so on. */
  readonly version: string;
  readonly instructionSet: string;
  /** As asked for at loading. */
  readonly threads: number;
  /** For primitives from now on; one that was made with some threads has to run with as many. */
  setThreads(threads: number): void;
  /** Whether the CPU multiplies bf16 natively. */
  readonly hasBf16: boolean;
  /** Calls a function that gives a status. @throws OneDnnError when it is not success. */
  call(name: string, ...args: Argument[]): void;
  /** Calls a function that makes an object, which its first argument points to. */
  make(name: string, ...args: Argument[]): Handle;
  /** Runs a compiled primitive on a stream with `count` pairs of argument and memory; bound once, for it runs often. */
  executor(): (primitive: Handle, stream: Handle, count: number, args: BigUint64Array) => void;
  /** Bytes of memory that a memory description needs. */
  sizeOf(layout: Handle): number;
  /** Whether two memory descriptions are the same. */
  same(layout: Handle, other: Handle): boolean;
  /** Borrowed memory description of a primitive description; `what` is a `dnnl_query_t`. */
  memoryOf(primitive: Handle, what: number, index: number): Handle;
}

/** Where a library may be, the one of the set-up first: it is the version that the tests ran with. */
export function libraryCandidates(): readonly string[] {
  const own = cacheDir(`onednn-cpu-gomp-${WHEEL_VERSION}-${process.arch}`, 'libdnnl.so.3');
  return [...(existsSync(own) ? [own] : []), 'libdnnl.so.3'];
}

/**
 * Loads the first oneDNN 3.x there is. `threads` is set through the OpenMP runtime that the library itself brought, so
 * it also holds when OpenMP was up before.
 * @throws Error that says what each candidate lacks.
 */
export function openLibrary(threads: number, candidates = libraryCandidates()): Library {
  // Without it each idle worker of OpenMP spins for milliseconds after a step, on a core that others could use.
  process.env.GOMP_SPINCOUNT ??= '0';
  const failures: string[] = [];
  for (const path of candidates) {
    try {
      return bind(path, threads);
    } catch (error) {
      failures.push(`${path}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
  }
  throw new Error(`oneDNN 3 is not there: ${failures.join('; ')}`);
}

function bind(path: string, threads: number): Library {
  const loaded = koffi.load(path, { global: true });
  const [version, major] = versionOf(loaded);
  if (major !== 3) throw new Error(`${path} is oneDNN ${version}, and 3.x is needed`);
  const setThreads = koffi.load('libgomp.so.1').func('omp_set_num_threads', 'void', ['int']) as (count: number) => void;
  setThreads(threads);
  const isa = (loaded.func('dnnl_get_effective_cpu_isa', 'int', []) as () => number)();
  const bound = new Map<string, (...args: Argument[]) => number>();
  const bindCall = (name: string) => {
    let call = bound.get(name);
    if (!call) {
      const types = signatures[name];
      if (!types) throw new Error(`${name} has no signature`);
      bound.set(name, (call = loaded.func(name, 'int', [...types]) as (...args: Argument[]) => number));
    }
    return call;
  };
  const queryMemory = loaded.func('dnnl_primitive_desc_query_md', 'uintptr_t', ['uintptr_t', 'int', 'int']) as (
    ...args: Argument[]
  ) => number | bigint;
  const size = loaded.func('dnnl_memory_desc_get_size', 'size_t', ['uintptr_t']) as (layout: Handle) => number | bigint;
  const equal = loaded.func('dnnl_memory_desc_equal', 'int', ['uintptr_t', 'uintptr_t']) as (
    layout: Handle,
    other: Handle,
  ) => number;
  const call = (name: string, ...args: Argument[]): void => {
    const status = bindCall(name)(...args);
    if (status !== 0) throw new OneDnnError(name, status);
  };
  return {
    path,
    version,
    threads,
    setThreads,
    hasBf16: (isa & BF16_BIT) !== 0,
    instructionSet: instructionSets[isa] ?? `instruction set 0x${isa.toString(16)}`,
    call,
    make: (name, ...args) => {
      const out = new BigUint64Array(1);
      call(name, out, ...args);
      return out[0];
    },
    executor: () => {
      const execute = bindCall('dnnl_primitive_execute');
      return (...args) => {
        const status = execute(...args);
        if (status !== 0) throw new OneDnnError('dnnl_primitive_execute', status);
      };
    },
    sizeOf: (layout) => Number(size(layout)),
    same: (layout, other) => equal(layout, other) === 1,
    memoryOf: (primitive, what, index) => BigInt(queryMemory(primitive, what, index)),
  };
}

/** `dnnl_version_t` begins with three ints. */
function versionOf(loaded: LibraryHandle): [version: string, major: number] {
  const address = (loaded.func('dnnl_version', 'uintptr_t', []) as () => number | bigint)();
  const [major, minor, patch] = new Int32Array(koffi.view(BigInt(address), 12));
  return [`${major}.${minor}.${patch}`, major];
}

/** Handles go as addresses, memory that a call reads or writes as `void *`. */
const signatures: Readonly<Record<string, readonly string[]>> = (() => {
  const [P, H, I] = ['void *', 'uintptr_t', 'int'];
  /** Dilations and the padding before and after. */
  const window = [P, P, P];
  return {
    dnnl_engine_create: [P, I, 'size_t'],
    dnnl_stream_create: [P, H, 'uint'],
    dnnl_stream_wait: [H],
    dnnl_memory_desc_create_with_tag: [P, I, P, I, I],
    dnnl_memory_desc_create_with_strides: [P, I, P, I, P],
    dnnl_memory_desc_destroy: [H],
    dnnl_memory_create: [P, H, H, H],
    dnnl_memory_get_data_handle: [H, P],
    dnnl_memory_destroy: [H],
    dnnl_primitive_attr_create: [P],
    dnnl_primitive_attr_destroy: [H],
    dnnl_primitive_attr_set_post_ops: [H, H],
    dnnl_post_ops_create: [P],
    dnnl_post_ops_destroy: [H],
    dnnl_post_ops_append_binary: [H, I, H],
    dnnl_post_ops_append_eltwise: [H, I, 'float', 'float'],
    dnnl_primitive_create: [P, H],
    dnnl_primitive_execute: [H, H, I, P],
    dnnl_primitive_destroy: [H],
    dnnl_primitive_desc_destroy: [H],
    dnnl_reorder_primitive_desc_create: [P, H, H, H, H, H],
    dnnl_concat_primitive_desc_create: [P, H, H, I, I, P, H],
    dnnl_binary_primitive_desc_create: [P, H, I, H, H, H, H],
    dnnl_reduction_primitive_desc_create: [P, H, I, H, H, 'float', 'float', H],
    dnnl_eltwise_forward_primitive_desc_create: [P, H, I, I, H, H, 'float', 'float', H],
    dnnl_eltwise_backward_primitive_desc_create: [P, H, I, H, H, H, 'float', 'float', H, H],
    dnnl_softmax_forward_primitive_desc_create: [P, H, I, I, H, H, I, H],
    dnnl_softmax_backward_primitive_desc_create: [P, H, I, H, H, H, I, H, H],
    dnnl_pooling_forward_primitive_desc_create: [P, H, I, I, H, H, P, P, ...window, H],
    dnnl_pooling_backward_primitive_desc_create: [P, H, I, H, H, P, P, ...window, H, H],
    dnnl_batch_normalization_forward_primitive_desc_create: [P, H, I, H, H, 'float', 'uint', H],
    dnnl_batch_normalization_backward_primitive_desc_create: [P, H, I, H, H, H, 'float', 'uint', H, H],
    dnnl_inner_product_forward_primitive_desc_create: [P, H, I, H, H, H, H, H],
    dnnl_inner_product_backward_data_primitive_desc_create: [P, H, H, H, H, H, H],
    dnnl_inner_product_backward_weights_primitive_desc_create: [P, H, H, H, H, H, H, H],
    dnnl_convolution_forward_primitive_desc_create: [P, H, I, I, H, H, H, H, P, ...window, H],
    dnnl_convolution_backward_data_primitive_desc_create: [P, H, I, H, H, H, P, ...window, H, H],
    dnnl_convolution_backward_weights_primitive_desc_create: [P, H, I, H, H, H, H, P, ...window, H, H],
  };
})();
