import { BitReader, BitWriter } from './bits';

/** Bits of each symbol's code in a Huffman code (Huffman 1952) for symbols that occur so often; 0 for what does not occur. */
export function codeLengths(counts: ArrayLike<number>): readonly number[] {
  interface Tree {
    readonly count: number;
    readonly symbols: readonly number[];
  }
  const lengths = Array.from(counts, () => 0);
  let trees: Tree[] = lengths.flatMap((_, symbol) =>
    counts[symbol] > 0 ? [{ count: counts[symbol], symbols: [symbol] }] : [],
  );
  // A lone symbol has to have a code as well.
  if (trees.length === 1) lengths[trees[0].symbols[0]] = 1;
  while (trees.length > 1) {
    trees.sort((a, b) => a.count - b.count);
    const [first, second] = trees;
    const symbols = [...first.symbols, ...second.symbols];
    for (const symbol of symbols) lengths[symbol]++;
    trees = [...trees.slice(2), { count: first.count + second.count, symbols }];
  }
  return lengths;
}

/**
 * The canonical code of these lengths: codes of one length are consecutive numbers in the order of their symbols, and begin
 * where the shorter ones end. So lengths are all that has to be stored.
 */
function canonical(lengths: readonly number[]): readonly { symbol: number; length: number; code: number }[] {
  const used = lengths.flatMap((length, symbol) => (length > 0 ? [{ symbol, length }] : []));
  used.sort((a, b) => a.length - b.length || a.symbol - b.symbol);
  let code = 0;
  return used.map(({ symbol, length }, i) => {
    if (i > 0) code = (code + 1) * 2 ** (length - used[i - 1].length);
    return { symbol, length, code };
  });
}

export function encodeHuffman(symbols: Uint8Array, lengths: readonly number[]): Uint8Array {
  const codes = new Map(canonical(lengths).map((entry) => [entry.symbol, entry]));
  const writer = new BitWriter();
  for (const symbol of symbols) {
    const entry = codes.get(symbol);
    if (!entry) throw new Error(`symbol ${symbol} has no code`);
    writer.write(entry.code, entry.length);
  }
  return writer.finish();
}

/** @throws RangeError when the bits end too early or stand for nothing. */
export function decodeHuffman(bytes: Uint8Array, count: number, lengths: readonly number[]): Uint8Array {
  // By length: the first code, how many there are, and their symbols.
  const rows: { first: number; symbols: number[] }[] = [];
  for (const { symbol, length, code } of canonical(lengths))
    (rows[length] ??= { first: code, symbols: [] }).symbols.push(symbol);
  const reader = new BitReader(bytes);
  return Uint8Array.from({ length: count }, () => {
    let code = 0;
    for (let length = 1; length < rows.length; length++) {
      code = 2 * code + reader.bit();
      const row = rows.at(length);
      const symbol = row && code >= row.first ? row.symbols.at(code - row.first) : undefined;
      if (symbol !== undefined) return symbol;
    }
    throw new RangeError('a code stands for nothing');
  });
}
