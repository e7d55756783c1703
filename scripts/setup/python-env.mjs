import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.mjs';
import { phase, SetupError } from './report.mjs';
import { run } from './run.mjs';

/** A virtual environment with these pip packages, made once and kept in the cache. Gives the path of its Python. */
export async function pythonEnv(packages) {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = cacheDir(`python-${key}`);
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return python;
  await phase(`installing ${packages.join(', ')} for Python`, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cacheDir(), { recursive: true });
    try {
      await run('python3', ['-m', 'venv', folder]);
      await run(python, ['-m', 'pip', 'install', '--quiet', ...packages]);
    } catch (error) {
      throw new SetupError(
        `${error.message}\n\nThe benchmark's peer needs Python 3 with venv and pip, and these packages.`,
      );
    }
  });
  writeFileSync(stamp, packages.join('\n'));
  return python;
}
