import { expect, it } from 'vitest';
import { bytes, count, duration, milliseconds, percent, share } from '../../../src/runs/units';

it('quantities have three digits and a unit', () => {
  expect([0, 999, 1000, 40_551_424, 1.2e12].map(count)).toEqual(['0', '999', '1.00 k', '40.6 M', '1.20 T']);
  expect([12, 1_725_000].map(bytes)).toEqual(['12 B', '1.73 MB']);
  expect([0.05, 0.2, 12.345].map(milliseconds)).toEqual(['50.0 µs', '0.200 ms', '12.3 ms']);
  expect(percent(99.123)).toBe('99.12 %');
  expect(share(0.4996)).toBe('50.0 %');
});

it('what was not measured is a dash', () => {
  expect([count, bytes, percent, share, milliseconds].map((unit) => unit(undefined))).toEqual([
    '–',
    '–',
    '–',
    '–',
    '–',
  ]);
});

it('times are as precise as they are long', () => {
  expect([9.6, 75, 3840].map(duration)).toEqual(['10 s', '1 min 15 s', '1 h 04 min']);
});
