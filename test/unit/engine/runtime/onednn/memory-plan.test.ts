import { expect, it } from 'vitest';
import { planMemory, type Storage } from '../../../../../src/engine/runtime/onednn/memory-plan';
import { seeded } from '../../../../support/seeded';

function storage(bytes: number, first: number, last: number, pinned = false): Storage {
  return { bytes, first, last, pinned, offset: -1 };
}

it('gives memory to one after another where lifetimes allow', () => {
  const chain = [storage(640, 0, 1), storage(640, 1, 2), storage(640, 2, 3), storage(640, 3, 4)];
  expect(planMemory(chain)).toBe(2 * 640);
});

it('keeps what is pinned apart from all else', () => {
  const kept = storage(64, 5, 5, true);
  const others = [storage(64, 0, 0), storage(64, 9, 9)];
  expect(planMemory([...others, kept])).toBe(2 * 64);
  expect(others.every(({ offset }) => offset !== kept.offset)).toBe(true);
});

it('never lets two that live at the same time overlap, and starts each where vectors can be read', () => {
  const uniform = seeded(3);
  const storages = Array.from({ length: 200 }, () => {
    const first = Math.floor(100 * uniform());
    return storage(Math.ceil(5000 * uniform()), first, first + Math.floor(20 * uniform()), uniform() < 0.1);
  });
  const total = planMemory(storages);
  for (const [i, a] of storages.entries()) {
    expect(a.offset % 64).toBe(0);
    expect(a.offset + a.bytes).toBeLessThanOrEqual(total);
    for (const b of storages.slice(0, i)) {
      const together = a.pinned || b.pinned || (a.first <= b.last && b.first <= a.last);
      const overlap = a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
      expect(together && overlap).toBe(false);
    }
  }
  expect(total).toBeLessThan(storages.reduce((sum, { bytes }) => sum + bytes, 0));
});

it('gives nothing to what no step touches', () => {
  expect(planMemory([storage(1000, Infinity, -1)])).toBe(0);
});
