import { basename, dirname } from 'node:path';
import type { DiagnosticCode } from './diagnostic-codes';
import { suggest } from './suggest';
import type { Finding } from './problem';
import type { RunPlan } from './plan';
import type { ParsedConfig } from './schema';

/** What is asked of a file system; the editor has another than the command line. */
export interface FileProbe {
  kind(path: string): Promise<'file' | 'directory' | undefined>;
  /** Names in a directory. */
  list(path: string): Promise<readonly string[]>;
}

/** Files and folders that a config names and that are not there. `plan` is `config` resolved. */
export async function checkFiles(config: ParsedConfig, plan: RunPlan, probe: FileProbe): Promise<Finding[]> {
  const { model, dataset } = plan;
  const findings: (Finding | undefined)[] = [];
  if (model.kind === 'file') {
    const path = typeof config.model === 'string' ? ['model'] : ['model', 'path'];
    findings.push(await missing(path, model.path, 'file', 'model file', probe));
  } else if (model.weights !== undefined) {
    findings.push(await missing(['model', 'weights'], model.weights, 'file', 'model file', probe));
  }
  if (dataset.kind === 'folder') {
    findings.push(await missing(['dataset', 'folder'], dataset.folder, 'directory', 'folder of images', probe));
  } else if (dataset.directory !== undefined) {
    findings.push(await missing(['dataset', 'directory'], dataset.directory, 'directory', 'data set folder', probe));
  }
  return findings.filter((finding) => finding !== undefined);
}

async function missing(
  path: readonly string[],
  file: string,
  wanted: 'file' | 'directory',
  what: string,
  probe: FileProbe,
): Promise<Finding | undefined> {
  const kind = await probe.kind(file);
  if (kind === wanted) return undefined;
  const problem = (code: DiagnosticCode, message: string): Finding => ({ path, at: 'value', code, message });
  if (kind === 'directory') {
    const inside = await probe.list(file);
    const model = inside.find((name) => name === 'model.json' || name.endsWith('.onnx'));
    return problem(
      'wrong-file-kind',
      `${file} is a folder, not a ${what}${model ? `: did you mean ${model} in it?` : ''}`,
    );
  }
  if (kind === 'file') return problem('wrong-file-kind', `${file} is a file, not a ${what}`);
  const folder = dirname(file);
  if ((await probe.kind(folder)) !== 'directory')
    return problem('missing-file', `there is no ${what} ${file}: ${folder} does not exist`);
  const meant = suggest(basename(file), await probe.list(folder));
  return problem('missing-file', `there is no ${what} ${file}${meant ? `: did you mean ${meant}?` : ''}`);
}
