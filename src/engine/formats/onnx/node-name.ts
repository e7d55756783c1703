/**
 * A name for a node such as people write it: `layer1/0/conv1`. That of the weight is best (`layer1.0.conv1.weight`);
 * where the exporter has folded or renamed it, the module path of the ONNX node (`/layer1/layer1.0/conv1/Conv`).
 */
export function readableName(node: { name: string; opType: string; output: string[] }, weight?: string): string {
  const fromWeight = weight?.match(/^(.+)[./](?:weight|kernel|gamma|W)$/)?.[1];
  const name =
    fromWeight?.replaceAll('.', '/') ?? fromPath(node.name || node.output[0], node.opType, weight !== undefined);
  return name.replace(/^\/+/, '').replaceAll(/[^\w/.-]+/g, '_') || node.opType;
}

function fromPath(path: string, opType: string, isLayer: boolean): string {
  const segments = path.split('/').filter(Boolean);
  // A child of a list repeats its parent: layer1/layer1.0 is layer1/0.
  const short = segments.map((segment, i) =>
    i > 0 && segment.startsWith(`${segments[i - 1]}.`) ? segment.slice(segments[i - 1].length + 1) : segment,
  );
  const last = short.pop()?.replace(/^node_(?=.)/, '') ?? '';
  const [, op, number = ''] = last.match(/^([A-Za-z]+)(_\d+)?$/) ?? [];
  if (op !== opType) return [...short, last].join('/');
  const module = short.at(-1);
  // The module is the layer, or says the same as the operator: its name will do.
  if (module !== undefined && (isLayer || module.replace(/_\d+$/, '').toLowerCase() === op.toLowerCase()))
    return short.join('/') + number;
  return [...short, op[0].toLowerCase() + op.slice(1) + number].join('/');
}
