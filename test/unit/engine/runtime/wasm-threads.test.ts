import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withThreadedWasm } from '../../../../src/engine/runtime/tfjs/wasm-threads';

it('writes the script of the workers once, so that none reads it half written', async () => {
  const script = await withThreadedWasm(2, () => {
    const path = String(new Blob(['the worker']));
    writeFileSync(path, 'as a worker reads it');
    // The module asks for the script again for each worker of its pool.
    expect(String(new Blob(['the worker']))).toBe(path);
    return Promise.resolve(readFileSync(path, 'utf8'));
  });
  expect(script).toBe('as a worker reads it');
});
