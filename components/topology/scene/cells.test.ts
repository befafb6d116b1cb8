import { describe, expect, test } from 'vitest';
import { cellState, toCell } from './cells.ts';
import { partition } from './harbour.fixture.ts';

describe('the state of a copy', () => {
  const healthy = partition(0, 3);

  test.each([
    ['leads', healthy, 1, 'online', 'leader'],
    ['follows in step', healthy, 2, 'online', 'follower'],
    ['fell out of the in-sync set', { ...healthy, isr: [1, 3] }, 2, 'online', 'out-of-sync'],
    ['has no leader anywhere', { ...healthy, leaderId: null }, 1, 'online', 'no-leader'],
    ['stands on a broker that left', { ...healthy, leaderId: 2 }, 1, 'lost', 'stopped'],
    ['stands on a fenced broker', { ...healthy, leaderId: 2 }, 1, 'fenced', 'stopped'],
    ['is not on this broker', { ...healthy, replicas: [2, 3] }, 1, 'online', 'absent'],
  ] as const)('%s', (...[, of, brokerId, state, expected]) => {
    expect(cellState(of, brokerId, state)).toBe(expected);
  });

  test('no leader is told even where the broker stopped: that is what a reader must know', () => {
    expect(cellState({ ...healthy, leaderId: null }, 1, 'lost')).toBe('no-leader');
  });

  test('a leader that is not the first of its copies wears the corner mark', () => {
    expect(toCell('orders', { ...healthy, leaderId: 2 }, { brokerId: 2, state: 'online' }).isSecondChoice).toBe(true);
    expect(toCell('orders', healthy, { brokerId: 1, state: 'online' }).isSecondChoice).toBe(false);
    expect(toCell('orders', healthy, { brokerId: 2, state: 'online' }).isSecondChoice).toBe(false);
  });
});
