import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { DatasetPlan } from '../../config/plan';
import { datasetByName } from '../../config/resolve';
import { builtinDatasets } from '../../config/schema';
import { suggest } from '../../config/suggest';
import type { DatasetInfo, Split } from '../../engine/data/dataset';
import { findNode, inputShape, type Graph } from '../../engine/graph/graph';
import { note, print, printJson, type CliContext, type GlobalFlags } from '../context';
import { exitCodes, InputError } from '../failure';
import { ProgressBar } from '../progress-bar';
import { percent, shape } from '../../runs/units';

export interface EvaluateFlags extends GlobalFlags {
  readonly dataset: string;
  readonly directory?: string;
  readonly split: Split;
  readonly limit?: number;
  readonly imageSize?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly backend: 'auto' | 'onednn' | 'tfjs-node' | 'wasm';
  readonly threads?: number;
}

/** `pocketflow evaluate MODEL --dataset D`: top-1 accuracy on a split of a data set. */
export async function evaluateCommand(context: CliContext, model: string, flags: EvaluateFlags): Promise<number> {
  // What computes is loaded only now, so that the other commands start at once.
  const [{ readModel }, { openDataset }, { selectExecutor }, { evaluate }] = await Promise.all([
    import('../../engine/formats/read-model'),
    import('../../engine/data/open-dataset'),
    import('../../engine/runtime/select'),
    import('../../engine/training/evaluate'),
  ]);
  const graph = await readModel(resolve(context.cwd, model));
  const bar = new ProgressBar(context.stderr);
  const show = (phase: string, step: number, total: number): void => {
    if (flags.json) printJson(context, { type: 'progress', phase, step, total });
    else if (context.interactive) bar.update({ phase, step, total });
  };
  const dataset = await openDataset(datasetOf(context, graph, flags), {
    seed: 0,
    onProgress: ({ text, done, total }) => show(text, done, total),
    onWarning: (message) => note(context, message),
  });
  try {
    checkFit(graph, dataset);
    const { executor } = await selectExecutor({ backend: flags.backend, threads: flags.threads ?? 'auto' });
    const program = await executor.compile(graph);
    const { accuracy, loss, samples, standardError } = await evaluate(program, dataset, flags.split, {
      limit: flags.limit,
      outputs: findNode(graph, graph.output).kind === 'softmax' ? 'probabilities' : 'logits',
      onProgress: (done, total) => show('evaluate', done, total),
    });
    program.dispose();
    bar.clear();
    const { split } = flags;
    if (flags.json) {
      printJson(context, {
        model,
        dataset: dataset.name,
        split,
        accuracy,
        samples,
        loss,
        standardError,
        executor: executor.name,
      });
    } else {
      print(
        context,
        `${basename(model)} on ${dataset.name} ${split}: ${percent(accuracy)} of ${samples} (± ${standardError.toFixed(2)}), loss ${loss.toFixed(4)}`,
      );
    }
    return exitCodes.done;
  } finally {
    bar.clear();
    await dataset.close();
  }
}

function datasetOf({ cwd }: CliContext, graph: Graph, flags: EvaluateFlags): DatasetPlan {
  const { dataset, directory, imageSize, mean, std } = flags;
  if ((mean === undefined) !== (std === undefined)) throw new InputError('--mean and --std go together: give both');
  const normalization = mean && std ? { normalization: { mean, std } } : {};
  const plan = datasetByName(dataset, (path) => resolve(cwd, path));
  if (plan.kind === 'builtin') {
    return { ...plan, ...(directory === undefined ? {} : { directory: resolve(cwd, directory) }), ...normalization };
  }
  const meant = suggest(dataset, builtinDatasets);
  if (meant !== undefined && !existsSync(plan.folder)) {
    throw new InputError(`there is no data set or folder "${dataset}"`, `did you mean ${meant}?`);
  }
  const [height] = inputShape(graph);
  return { ...plan, imageSize: imageSize ?? height ?? plan.imageSize, ...normalization };
}

function checkFit(graph: Graph, { name, imageShape }: DatasetInfo): void {
  const wanted = inputShape(graph);
  if (wanted.join() === imageShape.join()) return;
  throw new InputError(
    `the model takes ${shape(wanted)} images, those of ${name} are ${shape(imageShape)}`,
    'choose the data set that the model was made for',
  );
}
