import { Worker } from 'node:worker_threads';
import type { RunPlan } from '../config/plan';
import type { RunOutlook } from '../engine/outlook';
import type { OutlookAnswer, OutlookQuestion } from './outlook-messages';

/** What there is to know of the model of a run, and of what the run would make of it. */
export interface OutlookProvider {
  /** @throws Error that says why the model can't be read. */
  of(plan: RunPlan): Promise<RunOutlook>;
  dispose(): void;
}

interface Waiting {
  readonly resolve: (outlook: RunOutlook) => void;
  readonly reject: (error: Error) => void;
}

/** Asks a worker thread, which is started with the first question. */
export class OutlookWorker implements OutlookProvider {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(private readonly script: URL | string) {}

  of(plan: RunPlan): Promise<RunOutlook> {
    const id = ++this.last;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.started().postMessage({ id, plan } satisfies OutlookQuestion);
    });
  }

  dispose(): void {
    void this.worker?.terminate();
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script);
    worker.unref();
    worker.on('message', (answer: OutlookAnswer) => {
      const waiting = this.waiting.get(answer.id);
      this.waiting.delete(answer.id);
      if ('outlook' in answer) waiting?.resolve(answer.outlook);
      else waiting?.reject(new Error(answer.failure));
    });
    // A model that is larger than memory ends the thread; the next question starts another.
    worker.on('error', (error) => this.fail(error));
    worker.on('exit', () => this.fail(new Error('the model could not be read')));
    return (this.worker = worker);
  }

  private fail(error: Error): void {
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
