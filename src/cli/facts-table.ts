import type { ModelFacts } from '../runs/events';
import type { CliContext } from './context';
import { renderTable } from './table';
import { bytes, count, milliseconds, NONE, percent } from '../runs/units';

/** Before and after a compression, with what it changed. */
export function factsTable(context: Pick<CliContext, 'colors'>, before: ModelFacts, after: ModelFacts): string {
  const rows = [
    ['accuracy', percent(before.accuracy), percent(after.accuracy), points(before.accuracy, after.accuracy)],
    ['FLOPs', count(before.flops), count(after.flops), change(before.flops, after.flops)],
    ['params', count(before.params), count(after.params), change(before.params, after.params)],
    ['  not zero', count(before.nonzero), count(after.nonzero), change(before.nonzero, after.nonzero)],
    ['file', bytes(before.bytes), bytes(after.bytes), change(before.bytes, after.bytes)],
    ['  gzip', bytes(before.gzipBytes), bytes(after.gzipBytes), change(before.gzipBytes, after.gzipBytes)],
    ['packed file', bytes(before.packedBytes), bytes(after.packedBytes), rate(before.packedBytes, after.packedBytes)],
    [
      'latency',
      milliseconds(before.latencyMs),
      milliseconds(after.latencyMs),
      speed(before.latencyMs, after.latencyMs),
    ],
  ];
  return renderTable(
    context,
    [
      { title: '' },
      { title: 'before', align: 'right' },
      { title: 'after', align: 'right' },
      { title: 'change', align: 'right' },
    ],
    // What was not measured is left out.
    rows.filter(([, ...cells]) => cells.some((cell) => cell !== '' && cell !== NONE)),
  );
}

function points(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined ? '' : `${signed(after - before, 2)} points`;
}

function change(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined || before === 0
    ? ''
    : `${signed(100 * (after / before - 1), 1)} %`;
}

/** How many times smaller. */
function rate(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined || after === 0 ? '' : `${(before / after).toFixed(1)}x smaller`;
}

function speed(before: number | undefined, after: number | undefined): string {
  return before === undefined || after === undefined || after === 0 ? '' : `${(before / after).toFixed(2)}x speed`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${Number(text) === 0 ? '±' : value < 0 ? '−' : '+'}${text}`;
}

/** One line: what a model is and costs. */
export function factsLine(facts: ModelFacts): string {
  const parts = [
    facts.accuracy === undefined ? undefined : percent(facts.accuracy),
    `${count(facts.flops)} FLOPs`,
    `${count(facts.params)} params`,
    facts.nonzero === facts.params ? undefined : `${count(facts.nonzero)} not zero`,
    facts.bytes === undefined ? undefined : bytes(facts.bytes),
    facts.latencyMs === undefined ? undefined : milliseconds(facts.latencyMs),
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
