import { parentPort } from 'node:worker_threads';
import type { RunPlan } from '../config/plan';
import { Outlooks } from '../engine/outlook';
import type { OutlookAnswer, OutlookQuestion } from './outlook-messages';

// Reads models in a thread of its own: some take seconds, and an editor must not wait for them.
const outlooks = new Outlooks();
parentPort?.on('message', ({ id, plan }: OutlookQuestion) => {
  void answer(id, plan).then((message) => parentPort?.postMessage(message));
});

async function answer(id: number, plan: RunPlan): Promise<OutlookAnswer> {
  try {
    return { id, outlook: await outlooks.of(plan) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}
