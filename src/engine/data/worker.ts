import { parentPort, workerData } from 'node:worker_threads';
import type { Job, JobFailure, WorkerSetup } from './job';
import { Ring } from './ring';
import { sampleReader } from './sample-reader';

/** Entry of the worker thread: makes the batches of each job it is sent, as far ahead as the ring has room. */
const port = parentPort;
if (!port) throw new Error('batch-worker runs as a worker thread only');
const setup = workerData as WorkerSetup;
const read = sampleReader(setup);

async function produce(job: Job): Promise<void> {
  const ring = new Ring(job.memory, job.geometry);
  const { batchSize } = job.geometry;
  for (let q = job.worker; q < job.batches; q += job.workers) {
    if (!(await ring.whenFree(q))) return;
    const samples = job.order.subarray(q * batchSize, (q + 1) * batchSize);
    const batch = ring.batch(q, samples.length);
    await read(samples, batch.images, job);
    samples.forEach((sample, i) => (batch.labels[i] = setup.labels[sample]));
    ring.publish(q);
  }
}

port.on('message', (job: Job) => {
  produce(job).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ id: job.id, message } satisfies JobFailure);
  });
});
