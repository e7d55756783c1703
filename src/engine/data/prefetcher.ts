import { Worker } from 'node:worker_threads';
import type { Batch } from './batch';
import { DatasetError } from './dataset-error';
import type { Job, JobFailure, WorkerSetup } from './job';
import { Ring } from './ring';
import { workerScript } from './worker-script';

/** A pass over samples: which, in which order, how. */
export type Pass = Pick<Job, 'order' | 'epoch' | 'augmentation'> & { readonly batchSize: number };

interface Running {
  readonly ring: Ring;
  failure?: Error;
}

/** Memory for the batches of one pass that wait to be used. */
const RING_BYTES = 64 * 2 ** 20;
const MOST_SLOTS = 8;
/** One in use, one ready, one in the making. */
const FEWEST_SLOTS = 3;

/** Makes batches in worker threads, ahead of their use and in order. Its threads don't keep the process alive. */
export class Prefetcher {
  private readonly running = new Map<number, Running>();
  private workers: Worker[] = [];
  /** Memory of passes that ended. The garbage collector hardly sees shared memory and lets it pile up. */
  private readonly idle: SharedArrayBuffer[] = [];
  private nextId = 0;
  private waiting = 0;
  private closed = false;

  constructor(
    private readonly setup: WorkerSetup,
    private readonly workerCount: number,
  ) {}

  async *batches({ order, batchSize, epoch, augmentation }: Pass): AsyncGenerator<Batch, void, undefined> {
    if (this.closed) throw closedError();
    const batches = Math.ceil(order.length / batchSize);
    if (batches === 0) return;
    const [height, width, channels] = this.setup.imageShape;
    const sampleSize = height * width * channels;
    const ahead = Math.floor(RING_BYTES / (4 * batchSize * sampleSize));
    const slots = Math.min(batches, Math.max(FEWEST_SLOTS, Math.min(MOST_SLOTS, ahead)));
    const ring = Ring.allocate({ slots, batchSize, sampleSize }, this.idle.pop());

    const id = this.nextId++;
    const pass: Running = { ring };
    this.running.set(id, pass);
    try {
      this.start();
      this.workers.forEach((worker, index) => {
        const { memory, geometry } = ring;
        const job: Job = {
          ...{ id, memory, geometry, order, batches, epoch, worker: index, workers: this.workers.length },
          ...(augmentation && { augmentation }),
        };
        worker.postMessage(job);
      });
      for (let q = 0; q < batches; q++) {
        if (!ring.isReady(q) && !(await this.awake(ring.whenReady(q)))) throw pass.failure ?? closedError();
        yield ring.batch(q, Math.min(batchSize, order.length - q * batchSize));
        ring.release(q);
      }
      // Not after a loop was left early: its last batch may still be in use, and a worker may still be writing.
      this.idle.push(ring.memory);
    } finally {
      this.running.delete(id);
      ring.stop();
    }
  }

  /** Ends the threads; passes under way fail. */
  async close(): Promise<void> {
    this.closed = true;
    const workers = this.workers;
    this.workers = [];
    for (const { ring } of this.running.values()) ring.stop();
    await Promise.all(workers.map((worker) => worker.terminate()));
  }

  private start(): void {
    while (this.workers.length < this.workerCount) {
      // Flags of this process, a debugger's or a loader's, are not meant for the worker.
      const worker = new Worker(workerScript, { workerData: this.setup, execArgv: [], name: 'pocketflow-batches' });
      worker.unref();
      worker.on('message', ({ id, message }: JobFailure) => this.fail(new DatasetError(message), id));
      worker.on('error', (error) => this.lost(worker, error.message));
      worker.on('exit', (code) => this.lost(worker, `exit code ${code}`));
      this.workers.push(worker);
    }
  }

  /** While somebody waits for a batch the process has to stay. */
  private async awake<T>(promise: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) for (const worker of this.workers) worker.ref();
    try {
      return await promise;
    } finally {
      if (--this.waiting === 0) for (const worker of this.workers) worker.unref();
    }
  }

  private fail(failure: Error, id: number): void {
    const pass = this.running.get(id);
    if (!pass) return;
    pass.failure ??= failure;
    pass.ring.stop();
  }

  /** A thread that died takes every pass with it; the next one starts anew. */
  private lost(worker: Worker, why: string): void {
    if (!this.workers.includes(worker)) return;
    const workers = this.workers;
    this.workers = [];
    const failure = new DatasetError(`the thread that prepares batches ended unexpectedly: ${why}`);
    for (const id of this.running.keys()) this.fail(failure, id);
    for (const other of workers) void other.terminate();
  }
}

function closedError(): DatasetError {
  return new DatasetError('the data set was closed while its batches were in use');
}
