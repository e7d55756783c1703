import { configJsonSchema, type JsonSchema } from './json-schema';
import { isSchema, typeOf } from './type-text';
import { resolveTraining, type ModelFamily } from './training-defaults';
import type { TrainingPlan } from './plan';

const intro = `# Configuration

<!-- Made by scripts/docs.mjs from the schema in src/config. Edit that, not this. -->

A compression is described by a YAML file named \`.pocketflow.yaml\` or \`NAME.pocketflow.yaml\`. Three lines are enough;
what is left out is chosen to suit the model and the data set:

\`\`\`yaml
model: lenet # a name from the zoo, or a file: ./resnet20.onnx
dataset: mnist
target: { flops: 0.5 } # keep half
\`\`\`

Several compressions one after the other are written as a list, each starting from the result of the one before:

\`\`\`yaml
model: ./resnet20.onnx
dataset: cifar10
stages:
  - target: { flops: 0.5 }
  - target: { sparsity: 0.6 }
layers:
  'layer3/*': { keep: 0.7 }
  fc: { skip: true }
\`\`\`

Paths are relative to the config file. \`pocketflow check CONFIG\` says what is wrong with a config, and where.
`;

const layersNote = `Keys are layer names, as \`pocketflow inspect MODEL\` lists them, or patterns: \`*\` stands for any characters
but \`/\`, \`?\` for one of them, and \`**\` between slashes for any number of parts. Where several patterns match a layer,
later ones win, key by key.`;

/** The text of docs/configuration.md. */
export function configReference(): string {
  const sections: Section[] = [];
  collect('Top level', '', configJsonSchema(), sections);
  return [intro, ...sections.map(renderSection), trainingDefaults()].join('\n');
}

interface Section {
  readonly title: string;
  readonly description?: string;
  readonly schema: JsonSchema;
  /** What stands in the type column of another key that has the very same schema. */
  readonly key: string;
}

/** Gathers every map of the schema, each once: `baseline` is the same as `training`. */
function collect(title: string, path: string, schema: JsonSchema, sections: Section[]): void {
  const key = fingerprint(schema);
  if (sections.some((section) => section.key === key)) return;
  sections.push({ title, ...(schema.description ? { description: schema.description } : {}), schema, key });
  for (const [name, child] of propertiesOf(schema)) {
    const at = path ? `${path}.${name}` : name;
    const maps = mapsIn(child);
    for (const map of maps) {
      // Items of `stages` repeat keys of the top level.
      if (name === 'stages') continue;
      collect(
        maps.length > 1 ? `${at}: ${mapTitle(map)}` : at,
        at,
        { description: child.description, ...map },
        sections,
      );
    }
  }
}

function mapTitle(map: JsonSchema): string {
  return map.title ?? `with \`${map.required?.[0] ?? ''}\``;
}

function fingerprint(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, description: undefined, title: undefined, default: undefined });
}

function propertiesOf(schema: JsonSchema): [string, JsonSchema][] {
  return Object.entries(schema.properties ?? {}).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1]));
}

function mapsIn(schema: JsonSchema): JsonSchema[] {
  const parts = [schema, ...(schema.anyOf ?? []), schema.additionalProperties];
  return parts.filter((part): part is JsonSchema => isSchema(part) && part.properties !== undefined);
}

function renderSection({ title, description, schema }: Section): string {
  const rows = propertiesOf(schema).map(([name, child]) => {
    const required = schema.required?.includes(name) ? ' (required)' : '';
    const initial =
      child.default === undefined || isSchema(child.default) ? '' : `\`${JSON.stringify(child.default)}\``;
    const list = Array.isArray(child.default) ? `\`${JSON.stringify(child.default)}\`` : initial;
    return `| \`${name}\`${required} | ${typeOf(child)} | ${list} | ${child.description ?? ''} |`;
  });
  const heading = title === 'Top level' ? title : title.replace(/^[^:]+/, (path) => `\`${path}\``);
  const note = title === 'layers' ? `\n${layersNote}\n` : '';
  const summary = description && title !== 'Top level' ? `\n${description}\n` : '';
  return `## ${heading}\n${summary}${note}\n| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

const families: readonly [ModelFamily, string][] = [
  ['small', 'LeNet, ConvNet; MNIST, Fashion-MNIST'],
  ['cifar', 'CIFAR-10'],
  ['imagenet', 'folder of images'],
  ['mobile', 'MobileNets'],
];

function trainingDefaults(): string {
  const rows = families.flatMap(([family, name]) =>
    (['retrain', 'finetune'] as const).map((mode) => {
      const plan = resolveTraining({}, { family, mode, distillation: false });
      return `| ${name} | \`${mode}\` | ${columns(plan).join(' | ')} |`;
    }),
  );
  const teacher = resolveTraining({}, { family: 'small', mode: 'finetune', distillation: true }).distillation;
  return `## Training defaults

What \`training\` and \`baseline\` are where the config leaves them open. The learning rate is for the batch size beside
it: with SGD and another batch size it changes in proportion. A baseline and the learner \`full-prec\` retrain, the other
learners finetune with distillation (weight ${teacher?.weight}, temperature ${teacher?.temperature}).

| For | mode | epochs | batchSize | learningRate | optimizer | weightDecay | schedule | labelSmoothing | augment |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function columns(plan: TrainingPlan): (string | number)[] {
  const { epochs, batchSize, learningRate, optimizer, weightDecay, schedule, labelSmoothing, augmentation } = plan;
  return [
    epochs,
    batchSize,
    learningRate,
    optimizer.kind === 'sgd' ? `sgd, momentum ${optimizer.momentum}` : optimizer.kind,
    weightDecay,
    schedule.kind,
    labelSmoothing,
    augmentation.enabled ? 'yes' : 'no',
  ];
}
