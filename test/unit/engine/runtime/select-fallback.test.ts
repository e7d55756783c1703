import { expect, it, vi } from 'vitest';
import { describeBackends, selectExecutor } from '../../../../src/engine/runtime/select';

vi.mock('../../../../src/engine/runtime/tfjs/native-backend', () => ({
  loadNativeBackend: () => Promise.reject(new Error('no native addon here\nand a long explanation')),
}));

vi.mock('../../../../src/engine/runtime/onednn/library', () => ({
  openLibrary: () => {
    throw new Error('no oneDNN here\nand why');
  },
}));

it('falls back to WebAssembly where no native library loads, and says so', async () => {
  const { executor, reason } = await selectExecutor({ backend: 'auto', threads: 1 });
  expect(executor.name).toBe('wasm');
  expect(reason).toContain("onednn doesn't load (no oneDNN here)");
  expect(reason).toContain("tfjs-node doesn't load (no native addon here)");
});

it('does not fall back from what was asked for by name', async () => {
  await expect(selectExecutor({ backend: 'tfjs-node', threads: 1 })).rejects.toThrow(
    /nothing to compute with: tfjs-node doesn't load \(no native addon here\).*npm start/,
  );
});

it('describes what does not load', async () => {
  expect((await describeBackends()).slice(0, 2)).toEqual([
    { name: 'onednn', available: false, reason: 'no oneDNN here' },
    { name: 'tfjs-node', available: false, reason: 'no native addon here' },
  ]);
});
