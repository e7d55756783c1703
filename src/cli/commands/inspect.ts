import { basename, resolve } from 'node:path';
import { graphCost, type Cost, type LayerCost } from '../../engine/graph/cost';
import { inputShape, type Graph } from '../../engine/graph/graph';
import { print, printJson, type CliContext } from '../context';
import { exitCodes } from '../failure';
import { renderTable } from '../table';
import { bytes, count, shape, share } from '../../runs/units';

/** `pocketflow inspect MODEL`: what each layer of a model is and costs. */
export async function inspect(context: CliContext, model: string, { json }: { json: boolean }): Promise<number> {
  const { readModel } = await import('../../engine/formats/read-model');
  const graph = await readModel(resolve(context.cwd, model));
  const { layers, total } = graphCost(graph);
  if (json) printJson(context, toJson(model, graph, layers, total));
  else print(context, toText(context, model, graph, layers, total));
  return exitCodes.done;
}

/** Share of trainable parameters that are zero. */
function sparsity({ params, nonzero }: Cost): number {
  return params === 0 ? 0 : 1 - nonzero / params;
}

function toJson(model: string, graph: Graph, layers: readonly LayerCost[], total: Cost): object {
  return {
    model,
    input: inputShape(graph),
    output: graph.output,
    layers: layers.map((layer) => ({ ...layer, sparsity: sparsity(layer) })),
    total: { ...total, sparsity: sparsity(total) },
  };
}

function toText(context: CliContext, model: string, graph: Graph, layers: readonly LayerCost[], total: Cost): string {
  const row = (name: string, kind: string, extent: string, cost: Cost): string[] => [
    name,
    kind,
    extent,
    count(cost.flops),
    count(cost.params),
    share(sparsity(cost)),
  ];
  const table = renderTable(
    context,
    [
      { title: 'layer' },
      { title: 'kind' },
      { title: 'output', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: 'params', align: 'right' },
      { title: 'sparsity', align: 'right' },
    ],
    [...layers.map((layer) => row(layer.name, layer.kind, shape(layer.shape), layer)), row('total', '', '', total)],
  );
  const head = `${context.colors.bold(basename(model))}: input ${shape(inputShape(graph))}, ${graph.nodes.length} nodes`;
  return `${head}\n\n${table}\n\nparameters as float32: ${bytes(total.bytes)}`;
}
