import type { RunPlan } from '../config/plan';
import type { ModelFacts } from '../runs/events';
import type { RunWriter } from '../runs/journal';
import { writeArtifacts, writeOriginal } from './artifacts';
import { measureAccuracy, measureLatencies, sizeFacts } from './measure';
import { originalModel } from './original';
import { openSession } from './session';
import { runStage } from './stage';

export interface CompressOptions {
  readonly signal: AbortSignal;
  /** Take up what an interrupted run of the same plan has left in the run's folder. */
  readonly resume?: boolean;
}

export interface CompressResult {
  readonly before: ModelFacts;
  readonly after: ModelFacts;
}

/**
 * The main job: load or train the original, run the stages one after the other, write the result, measure both.
 * Everything that happens goes into the run's journal; everything that took long is kept in its folder, so that a
 * stopped or killed run goes on from there.
 * @throws the signal's reason when stopped; LearnerError, ModelFileError, DatasetError, TrainingDiverged, RunError.
 */
export async function compress(plan: RunPlan, run: RunWriter, { signal }: CompressOptions): Promise<CompressResult> {
  const started = performance.now();
  const session = await openSession(plan, run, signal);
  try {
    const original = await originalModel(session);
    const originalFile = await writeOriginal(session, original);
    const unmeasured = sizeFacts(original, originalFile);
    run.emit({ type: 'measured', what: 'before', facts: unmeasured });

    let graph = original;
    for (const [index, stage] of plan.stages.entries()) graph = await runStage(session, graph, original, stage, index);

    const files = await writeArtifacts(session, graph, original);
    // The test split is read here and nowhere else: once for each of the two files, by the runtime that will run them.
    const [beforeScore, afterScore] = await measureAccuracy(session, [originalFile, files.onnx]);
    const [beforeTime, afterTime] = await measureLatencies(session, [originalFile, files.onnx]);
    const [packedBefore, packedAfter] = files.packedBytes
      ? [{ packedBytes: files.packedBytes.before }, { packedBytes: files.packedBytes.after }]
      : [{}, {}];
    const before = { ...unmeasured, ...packedBefore, ...beforeScore, ...beforeTime };
    const after = { ...sizeFacts(graph, files.onnx), ...packedAfter, ...afterScore, ...afterTime };
    run.emit({ type: 'measured', what: 'before', facts: before });
    run.emit({ type: 'measured', what: 'after', facts: after });
    run.emit({ type: 'run.finished', before, after, seconds: (performance.now() - started) / 1000 });
    return { before, after };
  } finally {
    await session.dataset.close();
  }
}
