/** Numbers in (0, 1] that are the same each time: a small generator, apart from the one under test. */
export function seeded(seed: number): () => number {
  let state = seed * 2654435761 || 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
}

/** Standard normal numbers that are the same each time. */
export function seededNormal(seed: number): () => number {
  const uniform = seeded(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
