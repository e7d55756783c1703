import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from './cache-dir.mjs';
import { phase, SetupError } from './report.mjs';
import { run } from './run.mjs';
import { installSystemPackages, python, venv } from './system-packages.mjs';

/**
 * A virtual environment with pip packages, made once and kept in the cache. Gives the path of its Python. Where packages
 * come from is pip's own setting: `PIP_INDEX_URL`, `PIP_EXTRA_INDEX_URL` or its configuration file.
 */
export async function pythonEnv(packages) {
  const key = createHash('sha256').update(packages.join(' ')).digest('hex').slice(0, 12);
  const folder = cacheDir(`python-${key}`);
  const executable = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'complete');
  if (existsSync(stamp)) return executable;
  await phase(`installing ${packages.join(', ')} for Python`, async () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(cacheDir(), { recursive: true });
    try {
      await installSystemPackages([python, venv]);
      await run(python.name, ['-m', 'venv', folder]);
      await run(executable, ['-m', 'pip', 'install', '--quiet', '--no-cache-dir', ...packages]);
    } catch (error) {
      throw new SetupError(
        `${error.message}\n\nThe benchmark's peer needs Python 3 with venv and pip, and these packages.`,
      );
    }
  });
  writeFileSync(stamp, packages.join('\n'));
  return executable;
}
