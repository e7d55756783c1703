import { expect, it } from 'vitest';
import { finishText } from '../../../src/extension/runs/finish-text';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
const before = { flops: 200, params: 100, nonzero: 100, bytes: 400, accuracy: 98.9 };
const after = { flops: 99, params: 50, nonzero: 50, bytes: 200, accuracy: 98.75 };

it('says what is left of the model, and at what price', () => {
  expect(plain(finishText({ before, after }))).toBe(
    'The compressed model has 50 % of the FLOPs and 50 % of the file of the original, accuracy 98.90 % → 98.75 %.',
  );
});

it('leaves out what was not measured', () => {
  const { flops, params, nonzero } = after;
  expect(plain(finishText({ before, after: { flops, params, nonzero } }))).toBe(
    'The compressed model has 50 % of the FLOPs of the original.',
  );
  expect(finishText({})).toBe('The compression has finished.');
});
