import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import workerThreads from 'node:worker_threads';

const THREADED_FACTORY = 'var WasmBackendModuleThreadedSimd = ';

/**
 * The threaded WebAssembly module of tfjs starts its workers from blob URLs, as browsers want it; Node's workers want
 * files. While `start` runs, blobs become files in a temporary folder, and workers are such that they don't keep the
 * process alive. The module takes half of the processors at most, so they are made to look enough. Everything is put
 * back afterwards.
 */
export async function withThreadedWasm<T>(threads: number, start: () => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(os.tmpdir(), 'pocketflow-wasm-'));
  const { Blob: blob } = globalThis;
  const { createObjectURL, revokeObjectURL } = URL;
  const { Worker } = workerThreads;
  const { cpus } = os;
  const crashListeners = (['uncaughtException', 'unhandledRejection'] as const).map((event) => ({
    event,
    before: new Set<unknown>(process.listeners(event as 'uncaughtException')),
  }));
  globalThis.Blob = function FileBlob(parts: readonly string[]): object {
    const text = parts.join('');
    const isMain = text.startsWith(THREADED_FACTORY);
    const path = join(folder, isMain ? 'main.cjs' : 'worker.cjs');
    // Once: each worker asks anew, and one that starts could else read the file while it is written for the next.
    if (!existsSync(path)) writeFileSync(path, isMain ? mainScript(text) : workerScript(text));
    // An object, as a constructor must give, that is still a string where the module sends it to a worker.
    return Object(path) as object;
  } as unknown as typeof Blob;
  URL.createObjectURL = (object) => String(object);
  URL.revokeObjectURL = () => {};
  os.cpus = () => Array.from({ length: threads * 2 }, () => cpus()[0]);
  workerThreads.Worker = class IdleWorker extends Worker {
    /** The module asks for this once a thread runs, and its threads run for ever. */
    override ref(): void {}
  };
  try {
    return await start();
  } finally {
    globalThis.Blob = blob;
    Object.assign(URL, { createObjectURL, revokeObjectURL });
    workerThreads.Worker = Worker;
    os.cpus = cpus;
    // The module rethrows every stray error of the process; that is for the host to decide.
    for (const { event, before } of crashListeners) {
      for (const listener of process.listeners(event as 'uncaughtException')) {
        if (!before.has(listener)) process.removeListener(event, listener);
      }
    }
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
}

/** The factory was bundled for a browser-like scope: it misses the names that its bundler gave Node's modules. */
function mainScript(factory: string): string {
  const modules = ['fs', 'path', 'worker_threads', 'perf_hooks', 'os'];
  const names = modules.map((name, i) => `require$$${i} = require('${name}')`);
  return [
    `var ${names.join(', ')}, commonjsGlobal = globalThis;`,
    factory,
    ';self.WasmBackendModuleThreadedSimd = globalThis.WasmBackendModuleThreadedSimd = WasmBackendModuleThreadedSimd;',
  ].join('\n');
}

function workerScript(script: string): string {
  return `URL.createObjectURL = (blob) => String(blob); URL.revokeObjectURL = () => {};\n${script}`;
}
