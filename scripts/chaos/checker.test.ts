import { expect, test } from 'vitest';
import { anomalyKinds, check, isClean, type Anomaly, type FinalLog } from './checker.ts';
import type { Operation } from './history.ts';

const log: FinalLog = new Map([
  [
    0,
    new Map([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]),
  ],
]);

const acknowledged = (value: string, offset: number, client = 'p'): Operation => ({
  kind: 'acknowledged',
  client,
  partition: 0,
  offset,
  value,
});
const polled = (value: string, offset: number, client = 'c'): Operation => ({ kind: 'polled', client, partition: 0, offset, value });
const good: readonly Operation[] = [
  acknowledged('a', 0),
  acknowledged('b', 1),
  acknowledged('c', 2),
  polled('a', 0),
  polled('b', 1),
  polled('c', 2),
];

function anomaliesOf(history: readonly Operation[], final: FinalLog = log): Anomaly[] {
  const { anomalies } = check(history, final);
  return anomalyKinds.filter((kind) => anomalies[kind].length > 0);
}

test('a history without a fault is clean', () => {
  expect(isClean(check(good, log))).toBe(true);
});

test.each<{ name: string; history: readonly Operation[]; found: readonly Anomaly[] }>([
  { name: 'acknowledged, and nowhere', history: [...good, acknowledged('d', 3), polled('d', 3)], found: ['lost write'] },
  {
    name: 'acknowledged at an offset that holds another',
    history: [...good, acknowledged('x', 1, 'q')],
    found: ['lost write', 'inconsistent offset'],
  },
  { name: 'a reader that saw what is no longer there', history: [...good, polled('z', 1, 'other')], found: ['inconsistent offset'] },
  {
    name: 'two readers that disagree beyond the log',
    history: [...good, polled('x', 9, 'one'), polled('y', 9, 'two')],
    found: ['inconsistent offset'],
  },
  { name: 'a reader that goes over a record', history: [...good, polled('a', 0, 'other'), polled('c', 2, 'other')], found: ['poll skip'] },
  { name: 'a reader that goes back', history: [...good, polled('b', 1)], found: ['non-monotonic poll'] },
  {
    name: 'a producer whose later record lies before',
    history: [acknowledged('b', 1), acknowledged('a', 0), ...good.slice(2)],
    found: ['non-monotonic send'],
  },
  { name: 'nobody ever got it', history: good.slice(0, 5), found: ['unseen'] },
  {
    name: 'going back after a rebalance is right',
    history: [...good, { kind: 'reassigned', client: 'c' }, polled('b', 1), polled('c', 2)],
    found: [],
  },
])('$name', ({ history, found }) => {
  expect(anomaliesOf(history)).toEqual(found);
});

test('one value at two offsets is a duplicate, whoever sent it', () => {
  const doubled: FinalLog = new Map([[0, new Map([...log.get(0)!, [3, 'a']])]]);
  expect(anomaliesOf(good, doubled)).toEqual(['duplicate']);
});

test('a hole that holds no record (a lost batch of somebody who never got an answer) is no skip', () => {
  const sparse: FinalLog = new Map([
    [
      0,
      new Map([
        [0, 'a'],
        [2, 'c'],
      ]),
    ],
  ]);
  expect(anomaliesOf([acknowledged('a', 0), acknowledged('c', 2), polled('a', 0), polled('c', 2)], sparse)).toEqual([]);
});

test('sends without an answer count for neither side, and those that arrived are told', () => {
  const unsure = (value: string): Operation => ({ kind: 'indeterminate', client: 'p', partition: 0, value, why: 'timed out' });
  const verdict = check([...good.slice(0, 2), ...good.slice(3), unsure('c'), unsure('never')], log);
  expect(verdict).toMatchObject({ acknowledged: 2, indeterminate: 2, indeterminateFound: 1 });
  expect(isClean(verdict)).toBe(true);
});
