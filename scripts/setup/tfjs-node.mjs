import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { has, run } from './run.mjs';
import { phase, say } from './report.mjs';
import { installTensorFlow } from './tensorflow-wheel.mjs';

/** A network that is closed refuses at once; this is for one that never answers. */
const DOWNLOAD_TIMEOUT_MS = 300_000;

/**
 * Makes @tensorflow/tfjs-node load: by its own installation, else built against the libraries of the TensorFlow wheel.
 * Where neither can be had the engine runs on WebAssembly, and one line says why.
 */
export async function installTfjsNode(root) {
  const folder = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
  const stamp = join(root, 'node_modules', '.pocketflow-tfjs-node');
  if (existsSync(stamp)) {
    const outcome = readFileSync(stamp, 'utf8');
    if (outcome !== 'native') say(outcome);
    return;
  }
  const outcome = await phase('installing the native TensorFlow engine', () => install(root, folder));
  writeFileSync(stamp, outcome);
  if (outcome !== 'native') say(outcome);
}

async function install(root, folder) {
  if (await loads(root)) return 'native';
  const failures = [];
  for (const way of [officially, fromWheel]) {
    try {
      await way(folder);
      if (await loads(root)) return 'native';
      failures.push('the addon does not load');
    } catch (error) {
      failures.push(lastLine(error.message));
    }
  }
  return `The native TensorFlow engine can't be installed here (${failures.join('; ')}): running on WebAssembly, which is slower.`;
}

async function officially(folder) {
  await run(process.execPath, ['scripts/install.js'], { cwd: folder, timeout: DOWNLOAD_TIMEOUT_MS });
}

async function fromWheel(folder) {
  const missing = [];
  for (const tool of ['make', 'g++', 'python3']) if (!(await has(tool))) missing.push(tool);
  if (missing.length > 0) throw new Error(`building it needs ${missing.join(', ')}`);
  const tensorflow = await installTensorFlow();
  const deps = join(folder, 'deps');
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps);
  for (const part of ['include', 'lib']) symlinkSync(join(tensorflow, part), join(deps, part), 'dir');
  // Node's own headers, where they came with it: the build would fetch them otherwise.
  const prefix = dirname(dirname(process.execPath));
  const nodedir = existsSync(join(prefix, 'include', 'node', 'node.h')) ? [`--nodedir=${prefix}`] : [];
  await run(process.execPath, [nodePreGyp(folder), 'install', '--build-from-source', ...nodedir], {
    cwd: folder,
    env: { npm_config_build_from_source: 'true' },
  });
}

function nodePreGyp(folder) {
  const candidates = [folder, dirname(dirname(dirname(folder)))];
  const found = candidates
    .map((base) => join(base, 'node_modules', '@mapbox', 'node-pre-gyp', 'bin', 'node-pre-gyp'))
    .find((path) => existsSync(path));
  if (!found) throw new Error('node-pre-gyp is missing');
  return found;
}

/** Tried in a process of its own, since an addon that fails may take the process with it. */
async function loads(root) {
  // Node 23 took these away, and tfjs-node asks for them.
  const shim = 'const util=require("util");util.isNullOrUndefined??=(v)=>v==null;util.isArray??=Array.isArray;';
  return run(process.execPath, ['-e', `${shim}require("@tensorflow/tfjs-node")`], { cwd: root }).then(
    () => true,
    () => false,
  );
}

function lastLine(text) {
  return text.trim().split('\n').at(-1).slice(0, 200);
}
