import { describe, expect, test } from 'vitest';
import type { Fact, TraceEvent } from '#engine/trace/events.ts';
import { FollowWatch } from './follow-watch.ts';

const client = { connectionId: 1, clientId: 'shop', address: '127.0.0.1:5000' };

function event(brokerId: number, atMs: number, fact: Fact): TraceEvent {
  return { brokerId, sequence: 1, atUs: atMs * 1_000, atMs, ...fact };
}

function moved(atMs: number, change: Partial<Extract<Fact, { kind: 'leader-changed' }>> = {}): TraceEvent {
  const fact = {
    kind: 'leader-changed',
    topic: 'orders',
    partition: 1,
    leaderId: 3,
    previousLeaderId: 2,
    leaderEpoch: 5,
    cause: '',
  } as const;
  return event(1, atMs, { ...fact, ...change });
}

function wrote(brokerId: number, atMs: number, leaderEpoch: number): TraceEvent {
  const where = { topic: 'orders', partition: 1, baseOffset: 9, recordCount: 1, sizeBytes: 1, leaderEpoch };
  return event(brokerId, atMs, { kind: 'produced', client, acks: -1, producerId: 1, ...where });
}

function watch(): { readonly watch: FollowWatch; readonly asked: boolean[] } {
  const asked: boolean[] = [];
  return { watch: new FollowWatch((wanted) => asked.push(wanted)), asked };
}

describe('clients that find a new leader', () => {
  test('are told once, by the first record under its epoch, and only then are records no longer asked for', () => {
    const { watch: follow, asked } = watch();
    expect(follow.take([moved(1_000)])).toEqual([]);
    expect(asked).toEqual([true]);
    const told = follow.take([wrote(3, 1_240, 5), wrote(3, 1_250, 5)]);
    expect(told).toMatchObject([
      {
        atMs: 1_240,
        kind: 'clients-followed',
        subject: 'orders-1',
        detail: { leaderId: 3, leaderEpoch: 5, clientId: 'shop', afterMs: 240 },
      },
    ]);
    expect(asked).toEqual([true, false]);
  });

  test('a record to the old leader, or under the old epoch, is no proof', () => {
    const { watch: follow } = watch();
    follow.take([moved(1_000)]);
    expect(follow.take([wrote(2, 1_100, 4), wrote(3, 1_100, 4), wrote(3, 900, 5)])).toEqual([]);
  });

  test('a reader counts as well', () => {
    const { watch: follow } = watch();
    const read: Fact = { kind: 'consumed', client, topic: 'orders', partition: 1, baseOffset: 0, lastOffset: 4, sizeBytes: 1 };
    expect(follow.take([moved(1_000), event(3, 1_050, read)])).toMatchObject([{ detail: { isWrite: false } }]);
  });

  test.each([
    ['the first leader of a new partition', { previousLeaderId: -1 }],
    ['a partition left without a leader', { leaderId: -1 }],
    ["one of Kafka's own topics", { topic: '__consumer_offsets' }],
  ])('%s is not waited for', (_name, change) => {
    const { watch: follow, asked } = watch();
    follow.take([moved(1_000, change)]);
    expect(asked).toEqual([]);
  });

  test('whoever leads where nobody was in sync is waited for, though it follows nobody', () => {
    const { watch: follow } = watch();
    follow.take([moved(1_000, { previousLeaderId: -1, why: { kind: 'elected-unclean', params: { broker: 3 } } })]);
    expect(follow.take([wrote(3, 1_200, 5)])).toMatchObject([{ kind: 'clients-followed', detail: { leaderId: 3 } }]);
  });

  test('a leader nobody comes to is given up, so that brokers do not tell records for ever', () => {
    const { watch: follow, asked } = watch();
    follow.take([moved(1_000)]);
    follow.expire(60_000);
    expect(asked).toEqual([true]);
    follow.expire(61_001);
    expect(asked).toEqual([true, false]);
  });

  test('a second election replaces the first, whose epoch then proves nothing', () => {
    const { watch: follow } = watch();
    follow.take([moved(1_000), moved(2_000, { leaderId: 1, leaderEpoch: 6 }), moved(2_001, { leaderEpoch: 5 })]);
    expect(follow.take([wrote(3, 2_100, 5)])).toEqual([]);
    expect(follow.take([wrote(1, 2_200, 6)])).toMatchObject([{ detail: { leaderId: 1, leaderEpoch: 6 } }]);
  });
});
