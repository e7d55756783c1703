import type { Graph } from '../../graph/graph';
import { mergePads } from '../merge-pads';
import { ModelFileError } from '../model-file-error';
import { KerasImporter } from './keras-importer';
import { layerReaders } from './layer-readers';
import { parseModelJson } from './model-json';
import { readWeights } from './read-weights';

/**
 * Reads a TF.js layers model.
 * @param path Of its `model.json`; the weights lie beside it.
 * @throws ModelFileError when it is damaged or has a layer that the graph has no node for; it names the layer.
 */
export async function readTfjs(path: string, modelJson: Uint8Array): Promise<Graph> {
  const model = parseModelJson(new TextDecoder().decode(modelJson));
  const importer = new KerasImporter(model.name, await readWeights(path, model.manifest));
  for (const { layer, inputs } of model.layers) {
    const reader = Object.hasOwn(layerReaders, layer.class_name) ? layerReaders[layer.class_name] : undefined;
    if (!reader) {
      throw new ModelFileError(
        `layer "${layer.config.name}" is a ${layer.class_name}, which is not supported`,
        `supported layers: ${Object.keys(layerReaders).sort().join(', ')}`,
      );
    }
    importer.begin(layer, inputs);
    reader(importer);
  }
  return mergePads(importer.build(model.output));
}
