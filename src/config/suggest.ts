import { distance } from 'fastest-levenshtein';

/** The candidate that was probably meant by `word`: other case or separators, its beginning or initials, or a typo. */
export function suggest(word: string, candidates: readonly string[]): string | undefined {
  const plain = simplify(word);
  if (plain === '' || plain.length > MAX_WORD) return undefined;
  const same = candidates.find((candidate) => simplify(candidate) === plain || initials(candidate) === plain);
  if (same !== undefined) return same;
  const beginning = candidates.find(
    (candidate) =>
      plain.length >= 3 && (simplify(candidate).startsWith(plain) || plain.startsWith(simplify(candidate))),
  );
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(plain, simplify(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  // Two letters swapped count as two edits, which is much for a short word.
  const swapped = candidates.find((candidate) => sorted(simplify(candidate)) === sorted(plain));
  if (swapped !== undefined) return swapped;
  // A third of the letters wrong is a typo; more is another word.
  if (best && best.edits <= Math.max(1, Math.floor(plain.length / 3))) return best.candidate;
  return beginning;
}

/** Nothing longer is a slip of something known. */
const MAX_WORD = 100;

function simplify(word: string): string {
  return word.toLowerCase().replace(/[-_ ]/g, '');
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** `learningRate` is also known as lr. */
function initials(word: string): string | undefined {
  const capitals = word.replace(/[^A-Z]/g, '');
  return capitals === '' ? undefined : (word.charAt(0) + capitals).toLowerCase();
}
