// Sets up whatever is missing, builds, and runs the main job: a LeNet on MNIST at half its FLOPs, or the config given.
// usage: npm start [-- CONFIG [FLAGS]]
import { join } from 'node:path';
import { root } from './root.mjs';
import { phase } from './setup/report.mjs';
import { run, runLoudly } from './setup/run.mjs';
import { main, setUp } from './setup/setup.mjs';

await main(async () => {
  await setUp();
  await phase('building', () => run(process.execPath, ['scripts/build.mjs'], { cwd: root }));
  const given = process.argv.slice(2);
  const args = given.length > 0 ? given : [join('examples', 'mnist-lenet.pocketflow.yaml')];
  return runLoudly(process.execPath, [join(root, 'dist', 'cli.js'), 'compress', ...args], { cwd: root });
});
