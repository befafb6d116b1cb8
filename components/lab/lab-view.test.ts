import { describe, expect, test } from 'vitest';
import type { ActiveFault, LabFault } from '#server/cluster/lab.ts';
import {
  conditionOfBroker,
  faultsAt,
  linkState,
  newsBetween,
  nextToEnd,
  processFaultOf,
  secondsLeft,
  stateOfCondition,
} from './lab-view.ts';

let count = 0;
const hold = (fault: LabFault, endsAtMs = 60_000): ActiveFault => ({ faultId: `f${count++}`, fault, startedAtMs: 0, endsAtMs, by: 'ada' });

describe('a broker', () => {
  const online = { brokerId: 2, state: 'online' } as const;

  test.each([
    ['kill', 'killed', 'offline'],
    ['stop', 'stopped', 'offline'],
    ['freeze', 'frozen', 'watch'],
  ] as const)('%s is told before the cluster notices: %s', (kind, condition, state) => {
    const active = [hold({ kind, brokerId: 2 })];
    expect(conditionOfBroker(online, active)).toBe(condition);
    expect(stateOfCondition(condition)).toBe(state);
    expect(processFaultOf(2, active)?.fault.kind).toBe(kind);
  });

  test('the fault of its neighbour is not its own', () => {
    const active = [hold({ kind: 'kill', brokerId: 1 })];
    expect(conditionOfBroker(online, active)).toBe('online');
    expect(processFaultOf(2, active)).toBeNull();
  });

  test('a fault that leaves the process alone leaves the condition alone', () => {
    const active = [hold({ kind: 'full-disk', brokerId: 2 }), hold({ kind: 'cut', fromId: 1, toId: 2, bothWays: false })];
    expect(conditionOfBroker({ brokerId: 2, state: 'fenced' }, active)).toBe('fenced');
    expect(faultsAt(2, active)).toEqual(active);
    expect(faultsAt(3, active)).toEqual([]);
  });

  test('what holds its process is not listed a second time', () => {
    expect(faultsAt(2, [hold({ kind: 'freeze', brokerId: 2 })])).toEqual([]);
  });
});

describe('a link', () => {
  const cut = (bothWays: boolean) => [hold({ kind: 'cut', fromId: 1, toId: 2, bothWays })];

  test('cut one way still carries the other', () => {
    expect([linkState(1, 2, cut(false)).isCut, linkState(2, 1, cut(false)).isCut]).toEqual([true, false]);
  });

  test('cut both ways carries nothing, and its neighbours are open', () => {
    expect([linkState(1, 2, cut(true)).isCut, linkState(2, 1, cut(true)).isCut]).toEqual([true, true]);
    expect(linkState(1, 3, cut(true)).isCut).toBe(false);
  });

  test('delays add up, whichever end they were named from', () => {
    const active = [
      hold({ kind: 'slow-link', fromId: 1, toId: 2, delayMs: 200 }),
      hold({ kind: 'slow-link', fromId: 2, toId: 1, delayMs: 50 }),
      hold({ kind: 'slow-clients', brokerId: 1, delayMs: 999 }),
    ];
    expect([linkState(1, 2, active), linkState(2, 1, active)]).toEqual([
      { isCut: false, delayMs: 250 },
      { isCut: false, delayMs: 250 },
    ]);
  });
});

describe('time', () => {
  test('a fault that still holds is never told as nought seconds, and one that is over never as negative', () => {
    expect([secondsLeft(10_000, 0), secondsLeft(10_000, 9_001), secondsLeft(10_000, 9_999), secondsLeft(10_000, 99_000)]).toEqual([
      10, 1, 1, 0,
    ]);
  });

  test('the next to end is the earliest, not the first of the list', () => {
    const late = hold({ kind: 'kill', brokerId: 1 }, 90_000);
    const soon = hold({ kind: 'kill', brokerId: 2 }, 5_000);
    expect(nextToEnd([late, soon])).toBe(soon);
    expect(nextToEnd([])).toBeNull();
  });
});

test('news are what began and what ended, and nothing of what goes on', () => {
  const [a, b, c] = [1, 2, 3].map((brokerId) => hold({ kind: 'kill', brokerId })) as [ActiveFault, ActiveFault, ActiveFault];
  expect(newsBetween([a, b], [{ ...b }, c])).toEqual({ began: [c], ended: [a] });
});
