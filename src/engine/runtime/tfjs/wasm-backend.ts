import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { activate } from './activate';
import type { Backend } from './kernels';
import { WasmKernels } from './wasm-kernels';
import { withThreadedWasm } from './wasm-threads';

/**
 * Loads the WebAssembly backend: slower than native, but it runs wherever Node does. Its number of threads is fixed by
 * the first call of a process.
 */
export async function loadWasmBackend(threads: number): Promise<Backend> {
  const tf = await import('@tensorflow/tfjs-core');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(locate('@tensorflow/tfjs-backend-wasm')), sep));
  const start = async (): Promise<boolean> => (await tf.setBackend('wasm')) && tf.backend() !== null;
  let started: boolean;
  if (threads > 1) {
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
    wasm.setThreadsCount(threads);
    started = await withThreadedWasm(threads, start);
  } else {
    started = await start();
  }
  if (!started) throw new Error('the WebAssembly backend did not start');
  return {
    name: 'wasm',
    version: wasm.version_wasm,
    threads: threads > 1 ? wasm.getThreadsCount() : 1,
    tf,
    kernels: new WasmKernels(tf),
    activate: () => activate(tf, 'wasm'),
  };
}

function locate(module: string): string {
  // esbuild's CommonJS output has no import.meta.url, and a __filename instead.
  return createRequire(typeof __filename === 'string' ? __filename : import.meta.url).resolve(module);
}
