import type { MarkupContent } from 'vscode-languageserver-types';
import { matchesLayer } from '../config/layer-patterns';
import { bytes, count, shape, share } from '../runs/units';
import { code, markdown } from './markdown';
import type { LayerFacts, LayerResult, Surroundings } from './surroundings';

/** What is known of a layer, or of the layers that a pattern stands for: their part in the model, and the last run. */
export function layerText(pattern: string, { model, lastRun }: Surroundings): MarkupContent | undefined {
  if (!model) return undefined;
  const layers = model.layers.filter(({ name }) => matchesLayer(pattern, name));
  const [first] = layers;
  if (!first) return undefined;
  const results = (lastRun?.layers ?? []).filter(({ name }) => matchesLayer(pattern, name));
  return markdown(
    layers.length === 1
      ? `${code(first.name)}: ${first.kind}, output ${shape(first.shape)}`
      : `${layers.length} layers: ${named(layers)}`,
    sizes(layers, model.total),
    results.length > 0
      ? `In the last run: ${results
          .slice(0, FEW)
          .map((result) => outcome(result, results.length > 1))
          .join('; ')}`
      : undefined,
  );
}
const FEW = 5;

function named(layers: readonly LayerFacts[]): string {
  const names = layers.slice(0, FEW).map(({ name }) => code(name));
  return `${names.join(', ')}${layers.length > FEW ? ', …' : ''}`;
}

function sizes(layers: readonly LayerFacts[], total: { flops: number; params: number }): string {
  const flops = layers.reduce((sum, layer) => sum + layer.flops, 0);
  const params = layers.reduce((sum, layer) => sum + layer.params, 0);
  return [
    `${count(flops)} FLOPs (${share(total.flops > 0 ? flops / total.flops : 0)} of the model)`,
    `${count(params)} params (${share(total.params > 0 ? params / total.params : 0)})`,
  ].join(', ');
}

function outcome({ name, channels: [before, after], sparsity, bits }: LayerResult, withName: boolean): string {
  const parts = [
    ...(after < before ? [`${after} of ${before} channels kept (${share(after / before)})`] : []),
    ...(sparsity > 0 ? [`sparsity ${share(sparsity)}`] : []),
    ...(bits ? [`${bits.weights} bits`] : []),
  ];
  const text = parts.length > 0 ? parts.join(', ') : 'left as it was';
  return withName ? `${code(name)} ${text}` : text;
}

/** The size of a model in a line. */
export function modelText(surroundings: Surroundings): string | undefined {
  const { model } = surroundings;
  if (!model) return undefined;
  const { flops, params, bytes: size } = model.total;
  return `${count(flops)} FLOPs, ${count(params)} params, ${bytes(size)} of parameters, ${model.layers.length} layers`;
}
