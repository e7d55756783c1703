import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { uniformOptions } from '../../../../src/config/learners/uniform';
import { nonUniformOptions } from '../../../../src/config/learners/non-uniform';
import { codeLengths, decodeHuffman, encodeHuffman } from '../../../../src/engine/formats/packed/huffman';
import { decodePacked } from '../../../../src/engine/formats/packed/read-packed';
import { encodePacked } from '../../../../src/engine/formats/packed/write-packed';
import { readModel } from '../../../../src/engine/formats/read-model';
import { foldBatchNorms } from '../../../../src/engine/graph/edits/fold-batch-norms';
import { GraphBuilder } from '../../../../src/engine/graph/builder';
import { Random } from '../../../../src/engine/graph/random';
import { withCodebooks } from '../../../../src/engine/learners/non-uniform/codebooks';
import { quantizeGraph } from '../../../../src/engine/learners/uniform/quantize';
import { randomized } from '../../../support/randomized';
import { temporaryFolder } from '../../../support/temporary-folder';

function net() {
  const b = new GraphBuilder('net', 1);
  const conv = b.relu(
    b.batchNorm(b.conv2d(b.input([8, 8, 3]), { name: 'conv', filters: 16, kernel: 3 }), { name: 'bn' }),
  );
  const depthwise = b.depthwiseConv2d(conv, { name: 'dw', kernel: 3, padding: 'same' });
  return randomized(b.build(b.dense(b.flatten(depthwise), { name: 'fc', units: 10 })), 3);
}
const bits = (count: number) => new Map(['conv', 'dw', 'fc'].map((name) => [name, count]));

describe('a Huffman code', () => {
  const cases = {
    skewed: (random: Random) => Math.floor(8 * random.uniform() ** 6),
    even: (random: Random) => random.int(256),
    'of one symbol': () => 5,
    'of two': (random: Random) => (random.uniform() < 0.99 ? 0 : 200),
  };
  it.each(Object.entries(cases))('gives back what it got: %s', (_name, draw) => {
    const random = new Random(1);
    const symbols = Uint8Array.from({ length: 3001 }, () => draw(random));
    const counts = new Array<number>(256).fill(0);
    for (const symbol of symbols) counts[symbol]++;
    const lengths = codeLengths(counts);
    const bytes = encodeHuffman(symbols, lengths);
    expect(decodeHuffman(bytes, symbols.length, lengths)).toEqual(symbols);
    // Within a bit of the entropy (Shannon's bound), which no code for single symbols beats.
    const entropy = counts.reduce((sum, n) => (n ? sum - n * Math.log2(n / symbols.length) : sum), 0);
    expect(bytes.length * 8).toBeGreaterThanOrEqual(Math.floor(entropy));
    expect(bytes.length * 8).toBeLessThanOrEqual(entropy + symbols.length + 8);
  });

  it('survives counts that make it as long as it gets', () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 40) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const lengths = codeLengths(fibonacci);
    const symbols = Uint8Array.from({ length: 40 }, (_, i) => i);
    expect(Math.max(...lengths)).toBe(39);
    expect(decodeHuffman(encodeHuffman(symbols, lengths), 40, lengths)).toEqual(symbols);
  });

  it('finds out that bits are missing', () => {
    const lengths = codeLengths([1, 2, 4]);
    expect(() => decodeHuffman(new Uint8Array(1), 100, lengths)).toThrow(RangeError);
  });
});

describe('a packed file', () => {
  const codebooks = (count: number, codebook: 'layer' | 'channel' | number) =>
    withCodebooks(net(), bits(count), nonUniformOptions.parse({ codebook }), 1);
  const graphs = {
    float: net(),
    'codebooks of 2 bits': codebooks(2, 'layer'),
    'codebooks of channels': codebooks(3, 'channel'),
    'codebooks of runs': codebooks(4, 64),
    'uniform, 4 bits': quantizeGraph(foldBatchNorms(net()), bits(4), uniformOptions.parse({})),
    'uniform, 8 bits in layers': quantizeGraph(
      foldBatchNorms(net()),
      bits(8),
      uniformOptions.parse({ buckets: 'layer' }),
    ),
  };
  it.each(Object.entries(graphs))('gives the graph back to the bit: %s', (_name, graph) => {
    expect(decodePacked(encodePacked(graph))).toEqual(graph);
  });

  it('is as small as its bits', () => {
    const weights = 3 * 3 * 3 * 16 + 3 * 3 * 16 + 6 * 6 * 16 * 10;
    const size = encodePacked(graphs['codebooks of 2 bits']).length;
    expect(size).toBeLessThan(weights / 4 + 1500);
    expect(size).toBeLessThan(encodePacked(graphs.float).length / 7);
  });

  it('is read like any other model, whatever its name', async () => {
    const path = join(temporaryFolder(), 'model.bin');
    writeFileSync(path, encodePacked(graphs.float));
    expect(await readModel(path)).toEqual(graphs.float);
  });

  it.each([4, 14, 60, -1])('that is cut off or changed at byte %i is refused', async (at) => {
    const bytes = encodePacked(graphs['uniform, 4 bits']);
    const path = join(temporaryFolder(), 'model.packed');
    writeFileSync(path, bytes.slice(0, at < 0 ? bytes.length - 1 : at + 10));
    await expect(readModel(path)).rejects.toThrow(path);
    const changed = bytes.slice();
    changed[at < 0 ? bytes.length - 1 : Math.max(at, 14)] ^= 255;
    expect(() => decodePacked(changed)).toThrow(/damaged|cut off/);
  });
});
