import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Folders of the packages that `names` need at run time, themselves included, as node_modules paths from `root`. Optional
 * ones are there for the platform that they were installed on only.
 */
export function runtimePackages(root, names) {
  const found = new Set();
  const visit = (name, from, optional) => {
    const folder = resolve(root, name, from);
    if (!folder && optional) return;
    if (!folder) throw new Error(`${name}, which ${from || 'the product'} needs, is not installed`);
    if (found.has(folder)) return;
    found.add(folder);
    const { dependencies = {}, optionalDependencies = {} } = manifest(root, folder);
    for (const dependency of Object.keys({ ...dependencies, ...optionalDependencies })) {
      visit(dependency, folder, dependency in optionalDependencies);
    }
  };
  for (const name of names) visit(name, '', false);
  return [...found].sort();
}

export function manifest(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
}

/** As Node looks for a package: from the innermost node_modules outwards. */
function resolve(root, name, from) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    const folder = [at, 'node_modules', name].filter(Boolean).join('/');
    if (existsSync(join(root, folder, 'package.json'))) return folder;
    if (at === '') return undefined;
  }
}
