import { expect, test } from 'vitest';
import { labFault } from '#server/supervisor/lab-messages.ts';
import { strikes, sweep, type Strike } from './nemesis.ts';

const brokers = 3;
const allKinds = labFault.options.map((option) => option.shape.kind.value).sort();

function first(seed: number, count: number): readonly Strike[] {
  const source = strikes(seed, brokers);
  return Array.from({ length: count }, () => source.next().value as Strike);
}

const kindsOf = (all: readonly Strike[]): readonly string[] => [...new Set(all.map(({ fault }) => fault.kind))].sort();

test.each([1, 2, 3, 42])('a sweep leaves no fault of the lab out, and ends in time (seed %i)', (seed) => {
  const all = [...sweep(seed, brokers)];
  expect(kindsOf(all)).toEqual(allKinds);
  expect(all.reduce((sum, { pauseMs }) => sum + pauseMs, 0)).toBeLessThanOrEqual(95_000);
});

test('a long run has had every fault', () => {
  expect(kindsOf(first(7, 300))).toEqual(allKinds);
});

test('the same seed strikes the same way, another one another way', () => {
  expect(first(5, 50)).toEqual(first(5, 50));
  expect(first(6, 50)).not.toEqual(first(5, 50));
  expect([...sweep(5, brokers)]).toEqual([...sweep(5, brokers)]);
});

test('whatever is ordered the lab understands: a known broker, two different ends, a time that ends', () => {
  for (const { fault, durationMs } of [...first(8, 300), ...sweep(8, brokers)]) {
    expect(labFault.parse(fault)).toEqual(fault);
    expect(durationMs).toBeGreaterThan(0);
    if (fault.kind === 'cut' || fault.kind === 'slow-link') expect(fault.fromId).not.toBe(fault.toId);
    else expect(fault.brokerId).toBeLessThanOrEqual(brokers);
  }
});

test('links are cut both ways and one way', () => {
  const cuts = first(9, 300).flatMap(({ fault }) => (fault.kind === 'cut' ? [fault.bothWays] : []));
  expect(new Set(cuts)).toEqual(new Set([true, false]));
});
