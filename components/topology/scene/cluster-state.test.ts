import { describe, expect, test } from 'vitest';
import { applyFacts, fromSnapshot, keepLostBrokers } from './cluster-state.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';
import { broker, event, produced, producer, snapshot, startMs } from './harbour.fixture.ts';

const later = startMs + 1_000;
const applyOne = (state: ReturnType<typeof fromSnapshot>, fact: TraceEvent) => applyFacts(state, [fact]);
const leaderOf = (state: ReturnType<typeof fromSnapshot>) => state.topics.get('orders')?.partitions.get(0)?.leaderId;

describe('what the scene knows', () => {
  test('a leader change after the snapshot shows at once', () => {
    const state = applyOne(
      fromSnapshot(snapshot()),
      event(later, 1, {
        kind: 'leader-changed',
        topic: 'orders',
        partition: 0,
        leaderId: 2,
        previousLeaderId: 1,
        leaderEpoch: 5,
        cause: '',
      }),
    );
    expect(leaderOf(state)).toBe(2);
    expect(state.topics.get('orders')?.partitions.get(0)?.leaderEpoch).toBe(5);
  });

  test('a leader below nought is no leader', () => {
    const state = applyOne(
      fromSnapshot(snapshot()),
      event(later, 1, {
        kind: 'leader-changed',
        topic: 'orders',
        partition: 0,
        leaderId: -1,
        previousLeaderId: 1,
        leaderEpoch: 5,
        cause: '',
      }),
    );
    expect(leaderOf(state)).toBeNull();
  });

  test('a fact from before the snapshot changes nothing: the snapshot already tells its outcome', () => {
    const state = fromSnapshot(snapshot());
    expect(
      applyOne(
        state,
        event(startMs - 1, 1, {
          kind: 'leader-changed',
          topic: 'orders',
          partition: 0,
          leaderId: 2,
          previousLeaderId: 1,
          leaderEpoch: 5,
          cause: '',
        }),
      ),
    ).toBe(state);
  });

  test('the in-sync set, brokers and the controller follow their facts', () => {
    let state = fromSnapshot(snapshot());
    state = applyOne(state, event(later, 1, { kind: 'isr-changed', topic: 'orders', partition: 0, isr: [1], cause: '' }));
    state = applyOne(state, event(later, 1, { kind: 'broker-fenced', registeredId: 3, cause: 'session' }));
    state = applyOne(state, event(later, 2, { kind: 'controller-elected', controllerId: 2, epoch: 13 }));
    expect(state.topics.get('orders')?.partitions.get(0)?.isr).toEqual([1]);
    expect(state.brokers.map((one) => one.state)).toEqual(['online', 'online', 'fenced']);
    expect(state.brokers.map((one) => one.isController)).toEqual([false, true, false]);
    expect(state.controllerEpoch).toBe(13);
    expect(applyOne(state, event(later, 1, { kind: 'broker-unfenced', registeredId: 3 })).brokers[2]?.state).toBe('online');
  });

  test('traffic is no structure: the state stays the same object', () => {
    const state = fromSnapshot(snapshot());
    expect(applyOne(state, produced(later, { partition: 0, baseOffset: 0, recordCount: 1 }))).toBe(state);
  });

  test('a fact about a topic nobody knows yet waits for the next snapshot', () => {
    const state = fromSnapshot(snapshot());
    expect(applyOne(state, event(later, 1, { kind: 'isr-changed', topic: 'new', partition: 0, isr: [1], cause: '' }))).toBe(state);
  });

  test('a broker that left the metadata keeps its place, marked as lost', () => {
    const before = fromSnapshot(snapshot());
    const after = keepLostBrokers(before, fromSnapshot(snapshot({ brokers: [broker(1), broker(3)] })));
    expect(after.brokers.map((one) => [one.brokerId, one.state])).toEqual([
      [1, 'online'],
      [2, 'lost'],
      [3, 'online'],
    ]);
  });

  test('a lost broker that comes back is online again', () => {
    const before = keepLostBrokers(fromSnapshot(snapshot()), fromSnapshot(snapshot({ brokers: [broker(1)] })));
    expect(keepLostBrokers(before, fromSnapshot(snapshot())).brokers.every((one) => one.state === 'online')).toBe(true);
  });

  test('two connections with one client id are one client', () => {
    const state = fromSnapshot(snapshot({ producers: [producer('web', ['a']), producer('web', ['b'])] }));
    expect(state.producers).toMatchObject([{ clientId: 'web', topics: ['a', 'b'], connections: 2 }]);
  });

  test('a cluster that does not tell its producers is not one without producers', () => {
    expect(fromSnapshot(snapshot({ producers: null })).producers).toBeNull();
    expect(fromSnapshot(snapshot({ producers: [] })).producers).toEqual([]);
  });
});
