/** What a scalar in quotes stands for, near enough for keys. */
export function unquoted(word: string): string {
  const quote = quoteOf(word);
  if (!quote) return word;
  const inner = word.slice(1, word.length > 1 && word.endsWith(quote) ? -1 : undefined);
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(.)/g, '$1');
}

export function quoteOf(word: string): '"' | "'" | undefined {
  const first = word[0];
  return first === '"' || first === "'" ? first : undefined;
}
