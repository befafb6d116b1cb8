import { describe, expect, test } from 'vitest';
import { newsOf } from './news.ts';
import { event, produced, startMs } from './scene/harbour.fixture.ts';

const moved = (partition: number, previousLeaderId = 2) =>
  event(startMs, 1, { kind: 'leader-changed', topic: 'orders', partition, leaderId: 1, previousLeaderId, leaderEpoch: 1, cause: '' });

describe('what is said aloud', () => {
  test('traffic is never news', () => {
    expect(newsOf([produced(startMs, { partition: 0, baseOffset: 0, recordCount: 1 })], null)).toBeNull();
  });

  test('a broker down and the leaders that moved with it are one sentence', () => {
    expect(newsOf([event(startMs, 1, { kind: 'broker-fenced', registeredId: 2, cause: 'session' }), moved(0), moved(1)], null)).toEqual({
      kind: 'down',
      brokerId: 2,
      leadersMoved: 2,
    });
  });

  test('what came in an earlier batch waits and is said together', () => {
    const first = newsOf([event(startMs, 1, { kind: 'broker-fenced', registeredId: 2, cause: 'session' })], null);
    expect(newsOf([moved(0)], first)).toEqual({ kind: 'down', brokerId: 2, leadersMoved: 1 });
  });

  test('the first leader of a new partition did not move', () => {
    expect(newsOf([moved(0, -1)], null)).toBeNull();
  });

  test('a broker going down matters more than who the controller is', () => {
    const down = newsOf([event(startMs, 1, { kind: 'broker-fenced', registeredId: 1, cause: '' })], null);
    expect(newsOf([event(startMs, 2, { kind: 'controller-elected', controllerId: 2, epoch: 3 })], down)?.kind).toBe('down');
  });

  test('a broker that is back is said to be back', () => {
    expect(newsOf([event(startMs, 1, { kind: 'broker-unfenced', registeredId: 2 })], null)).toMatchObject({ kind: 'up', brokerId: 2 });
  });
});
