import { describe, expect, it } from 'vitest';
import { upgraded, type Upgrade } from '../../../src/config/versions';

describe('with three versions of the format', () => {
  const steps: Upgrade[] = [
    ({ net, ...rest }) => ({ ...rest, model: net }),
    ({ model, ...rest }) => ({ ...rest, model: { zoo: model } }),
  ];

  it('an old config goes through every step to the present', () => {
    const value = { version: 1, net: 'lenet', dataset: 'mnist' };
    expect(upgraded(value, steps)).toEqual({ value: { version: 3, model: { zoo: 'lenet' }, dataset: 'mnist' } });
    expect(value).toHaveProperty('net');
  });

  it('one in between goes through what is left', () => {
    expect(upgraded({ version: 2, model: 'lenet' }, steps)).toEqual({ value: { version: 3, model: { zoo: 'lenet' } } });
  });

  it('one without a version is of the present', () => {
    expect(upgraded({ model: 'lenet' }, steps)).toEqual({ value: { model: 'lenet' } });
  });

  it.each([
    [4, /newer PocketFlow/],
    [0, /write `version: 3`/],
    [1.5, /write `version: 3`/],
  ] as const)('%d is none of them', (version, words) => {
    expect(upgraded({ version }, steps)).toMatchObject({
      finding: { code: 'unknown-version', path: ['version'], replacement: '3' },
    });
    const result = upgraded({ version }, steps);
    expect('finding' in result && result.finding.message).toMatch(words);
  });
});
