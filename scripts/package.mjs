// Packs the extension for the platform that this runs on into pocketflow-PLATFORM.vsix. usage: npm run package [-- FILE]
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { manifest, runtimePackages } from './package/runtime-packages.mjs';
import { root } from './root.mjs';
import { phase, say } from './setup/report.mjs';
import { run } from './setup/run.mjs';
import { main, setUp } from './setup/setup.mjs';

/** Fetched when it is needed only: it brings more packages than the product. */
const VSCE = '@vscode/vsce@3.6.2';
/** What the bundles leave in node_modules, but for tfjs-node, which is built where it runs. */
const unbundled = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm', 'koffi', 'onnxruntime-node', 'sharp'];
const platform = `${process.platform}-${process.arch}`;

await main(async () => {
  const target = resolve(process.argv[2] ?? join(root, `pocketflow-${platform}.vsix`));
  await setUp();
  const stage = mkdtempSync(join(tmpdir(), 'pocketflow-package-'));
  try {
    await phase('building', () => run(process.execPath, ['scripts/build.mjs', '--production'], { cwd: root }));
    fill(stage);
    const vsce = ['exec', '--yes', '--package', VSCE, '--', 'vsce', 'package'];
    // Links lead to what is packed beside the README.
    const options = [
      '--no-rewrite-relative-links',
      '--allow-missing-repository',
      '--target',
      platform,
      '--out',
      target,
    ];
    await phase('packing', () => run('npm', [...vsce, ...options], { cwd: stage }));
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  say(`${target}: ${(statSync(target).size / 1e6).toFixed(1)} MB`);
  return 0;
});

/** What is packed and nothing else, so that no other platform's or test's files get in. */
function fill(stage) {
  for (const path of ['dist', 'images', 'syntaxes', 'docs', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore']) {
    cpSync(join(root, path), join(stage, path), { recursive: true });
  }
  const foreign = /onnxruntime-node\/bin\/[^/]+\/([^/]+)\/([^/]+)/;
  const wanted = (path) => {
    const [, system, arch] = foreign.exec(path) ?? [];
    // Nobody debugs or compiles these packages where they are installed.
    return (!system || `${system}-${arch}` === platform) && !/\.(map|ts)$/.test(path);
  };
  for (const folder of runtimePackages(root, unbundled)) {
    mkdirSync(join(stage, folder), { recursive: true });
    // What lies deeper is listed by itself where it is needed.
    const filter = (path) => !path.slice(join(root, folder).length).includes('node_modules') && wanted(path);
    cpSync(join(root, folder), join(stage, folder), { recursive: true, filter });
  }
  // The rest is in the bundles, and what builds the product has done so.
  const dependencies = Object.fromEntries(unbundled.map((name) => [name, manifest(root, '').dependencies[name]]));
  const packed = { ...manifest(root, ''), dependencies, devDependencies: undefined, scripts: undefined };
  writeFileSync(join(stage, 'package.json'), JSON.stringify(packed, null, 2));
}
