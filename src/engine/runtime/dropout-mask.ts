/**
 * Inverted dropout: 0 with probability `rate`, `1 / (1 - rate)` otherwise. The draw is a hash of where it is (seed,
 * step, node, position) and has no state, so a resumed training drops the same values as one that ran through.
 */
export function dropoutMask(seed: number, step: number, node: string, rate: number, length: number): Float32Array {
  const stream = mix(mix(mix(seed | 0) ^ step) ^ hash(node));
  const mask = new Float32Array(length);
  const kept = 1 / (1 - rate);
  const threshold = rate * 2 ** 32;
  for (let i = 0; i < length; i++) {
    if (mix(stream + Math.imul(i, 0x9e3779b9)) >>> 0 >= threshold) mask[i] = kept;
  }
  return mask;
}

/** The finalizer of MurmurHash3 (Appleby): each bit of the input moves each bit of the output. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** FNV-1a. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
}
