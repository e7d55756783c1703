/**
 * Patterns that stand for several of the layers at once: `layer3/*` where names have parts, widest last. Only those that
 * match two or more.
 */
export function globsOf(names: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const parts = name.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      const glob = `${parts.slice(0, depth).join('/')}/${depth === parts.length - 1 ? '*' : '**'}`;
      counts.set(glob, (counts.get(glob) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, count]) => count > 1).map(([glob]) => glob);
}
