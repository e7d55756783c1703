import { availableParallelism } from 'node:os';
import type { ComputePlan } from '../../config/plan';
import type { Executor } from './executor';
import type { Backend } from './tfjs/kernels';

export interface Selection {
  readonly executor: Executor;
  readonly threads: number;
  /** Why this one, for the journal: one sentence. */
  readonly reason: string;
}

export type BackendName = Exclude<ComputePlan['backend'], 'auto'>;

export interface BackendFinding {
  readonly name: BackendName;
  readonly available: boolean;
  readonly version?: string;
  /** Why it doesn't load. */
  readonly reason?: string;
}

/** Of a compute plan; the seed has no say here. */
export type ComputeChoice = Pick<ComputePlan, 'backend' | 'threads'> & Partial<ComputePlan>;

/** An executor with the threads that it computes with. */
interface Loaded {
  readonly executor: Executor;
  readonly threads: number;
  /** The same in bf16, where backend and CPU have it. */
  readonly inBf16?: Executor;
}

/** Best first. */
const loaders: Readonly<Record<BackendName, (threads: number) => Promise<Loaded>>> = {
  onednn: async (threads) => ({ ...(await import('./onednn/onednn-executor')).loadOneDnn(threads), threads }),
  'tfjs-node': async (threads) => onTfjs(await (await import('./tfjs/native-backend')).loadNativeBackend(threads)),
  wasm: async (threads) => onTfjs(await (await import('./tfjs/wasm-backend')).loadWasmBackend(threads)),
};
const names = Object.keys(loaders) as BackendName[];

/** A backend is loaded once a process: its library keeps the threads it started with. */
const loading = new Map<BackendName, Promise<Loaded>>();

/**
 * Loads the backend asked for, or with `auto` the fastest one that loads.
 * @throws BackendUnavailable when it doesn't load, saying why.
 */
export async function selectExecutor({ backend, threads, precision = 'f32' }: ComputeChoice): Promise<Selection> {
  const wanted = threads === 'auto' ? defaultThreads() : threads;
  const failures: string[] = [];
  for (const name of backend === 'auto' ? names : [backend]) {
    try {
      const loaded = await load(name, wanted);
      return {
        executor: (precision === 'bf16' ? loaded.inBf16 : undefined) ?? loaded.executor,
        threads: loaded.threads,
        reason: [
          whyChosen(backend, failures),
          whyThreads(loaded, threads, wanted),
          ...(precision === 'bf16' ? [whyPrecision(name, loaded)] : []),
        ].join('; '),
      };
    } catch (error) {
      failures.push(`${name} doesn't load (${firstLine(error)})`);
    }
  }
  throw new BackendUnavailable(failures.join('; '));
}

/** Every backend, whether it loads here, and why not. Loads them, so it is for a process that does nothing else. */
export async function describeBackends(): Promise<readonly BackendFinding[]> {
  const findings: BackendFinding[] = [];
  for (const name of names) {
    try {
      const { executor } = await load(name, defaultThreads());
      findings.push({ name, available: true, version: executor.version });
    } catch (error) {
      findings.push({ name, available: false, reason: firstLine(error) });
    }
  }
  return findings;
}

export class BackendUnavailable extends Error {
  override readonly name = 'BackendUnavailable';
  constructor(why: string) {
    super(`nothing to compute with: ${why}. Run "npm start" to set it up, or choose another compute.backend`);
  }
}

async function onTfjs(backend: Backend): Promise<Loaded> {
  const { TfjsExecutor } = await import('./tfjs/tfjs-executor');
  return { executor: new TfjsExecutor(backend), threads: backend.threads };
}

function load(name: BackendName, threads: number): Promise<Loaded> {
  let backend = loading.get(name);
  if (!backend) loading.set(name, (backend = loaders[name](threads)));
  return backend;
}

/** TensorFlow's own setting wins where somebody made it. */
function defaultThreads(): number {
  const set = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(set) && set > 0 ? set : availableParallelism();
}

function whyChosen(backend: ComputeChoice['backend'], failures: readonly string[]): string {
  if (backend !== 'auto') return 'chosen by compute.backend';
  return failures.length === 0 ? 'the fastest backend' : `the fastest backend that loads: ${failures.join(', ')}`;
}

function whyThreads(loaded: Loaded, threads: ComputeChoice['threads'], wanted: number): string {
  if (loaded.threads === wanted) return threads === 'auto' ? 'one thread a processor' : 'threads as set';
  return `${loaded.threads} threads instead of ${wanted}, for it was loaded with them`;
}

function whyPrecision(name: BackendName, { inBf16 }: Loaded): string {
  if (inBf16) return 'training in bf16 as set';
  return `f32 instead of bf16, which ${name === 'onednn' ? 'this CPU' : name} does not have`;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0].trim();
}
