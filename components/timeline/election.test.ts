import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { electionAt, electionsOf, electionSteps, hardestMoves, newLeadersAt, stepAt, toldSteps, type Election } from './election.ts';
import type { LaneEvent } from './lane-model.ts';

const startMs = 1_700_000_000_000;

function happened(afterMs: number, kind: string, detail: LaneEvent['detail']): LaneEvent {
  return { atMs: startMs + afterMs, kind, subject: '', cause: '', detail };
}

function moved(afterMs: number, partition: number, change: LaneEvent['detail'] = {}): LaneEvent {
  return happened(afterMs, 'leader-changed', { topic: 'orders', partition, previousLeaderId: 2, leaderId: 3, leaderEpoch: 5, ...change });
}

const killed = happened(0, 'fault-injected', { kind: 'kill', brokerId: 2 });
const gone = happened(12, 'broker-gone', { brokerId: 2, pid: 48_212 });
const fenced = happened(110, 'broker-fenced', { registeredId: 2 });
const followed = (afterMs: number, partition: number): LaneEvent =>
  happened(afterMs, 'clients-followed', { topic: 'orders', partition, leaderId: 3, leaderEpoch: 5 });
const whole = [killed, gone, fenced, moved(111, 1), moved(115, 4), followed(420, 1), followed(700, 4)];

function only(events: readonly LaneEvent[]): Election {
  const stories = electionsOf(events);
  expect(stories).toHaveLength(1);
  return stories[0]!;
}

const timesOf = (election: Election) => election.steps.map((step) => (step.atMs === null ? null : step.atMs - startMs));

describe('the story of an election', () => {
  test('has four steps, each at the time of its event', () => {
    const election = only(whole);
    expect(election.steps.map((step) => step.kind)).toEqual(electionSteps);
    expect(timesOf(election)).toEqual([0, 110, 115, 700]);
    expect([election.brokerId, election.cause, election.endMs - election.startMs]).toEqual([2, 'kill', 700]);
  });

  test('is the same whatever order the store tells the events in', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(whole, { minLength: whole.length }), (shuffled) => {
        expect(electionsOf(shuffled)).toEqual(electionsOf(whole));
      }),
    );
  });

  test('a kill from a terminal begins where its process ended', () => {
    expect(only(whole.slice(1))).toMatchObject({ cause: 'broker-gone', startMs: startMs + 12 });
  });

  test('without an event of the loss that step is unknown, not invented', () => {
    const election = only([fenced, moved(111, 1)]);
    expect(timesOf(election)).toEqual([null, 110, 111, null]);
    expect(election.cause).toBeNull();
  });

  test("a foreign cluster's broker that left the metadata counts as fenced when that was seen", () => {
    const election = only([happened(0, 'broker-lost', { brokerId: 2 }), moved(0, 1)]);
    expect(timesOf(election)).toEqual([null, 0, 0, null]);
  });

  test('a partition first left without a leader, then given one, has moved once, and counts from its new leader', () => {
    const election = only([
      fenced,
      moved(111, 1, { leaderId: -1, leaderEpoch: 5 }),
      moved(900, 1, { previousLeaderId: -1, leaderEpoch: 6 }),
    ]);
    expect(election.moves).toMatchObject([{ fromId: 2, toId: 3, leaderEpoch: 6, atMs: startMs + 900 }]);
    expect(only([fenced, moved(111, 1, { leaderId: -1 })]).moves).toMatchObject([{ toId: null }]);
  });

  test('whoever was lost and leads again because nobody else could is told, and how; given back by choice it is not', () => {
    const lost = moved(111, 1, { leaderId: -1 });
    const back = { previousLeaderId: -1, leaderId: 2, leaderEpoch: 6 };
    const asLast = { ...back, why: { kind: 'elected-last-known', params: { broker: 2 } } };
    const election = only([fenced, lost, moved(9_000, 1, asLast)]);
    expect(election.moves).toMatchObject([{ fromId: 2, toId: 2, how: 'last-known', leaderEpoch: 6 }]);
    expect(timesOf(election)).toEqual([null, 110, 9_000, null]);
    expect(only([fenced, lost, moved(9_000, 1, back)]).moves).toMatchObject([{ toId: null, how: null }]);
  });

  test('a partition that nobody could lead is waited for as long as it takes, and then its clients', () => {
    const late = 20 * 60_000;
    const lost = moved(111, 1, { leaderId: -1 });
    const unclean = moved(late, 1, { previousLeaderId: -1, leaderEpoch: 6, why: { kind: 'elected-unclean', params: { broker: 3 } } });
    const found = happened(late + 900, 'clients-followed', { topic: 'orders', partition: 1, leaderId: 3, leaderEpoch: 6 });
    const election = only([fenced, lost, unclean, found]);
    expect(election.moves).toMatchObject([{ toId: 3, how: 'unclean', atMs: startMs + late, followedMs: startMs + late + 900 }]);
    expect(election.endMs).toBe(startMs + late + 900);
    const next = moved(late + 60_000, 1, { previousLeaderId: 3, leaderId: -1, leaderEpoch: 7 });
    expect(only([fenced, lost, unclean, next]).moves, 'what becomes of that leader is another story').toMatchObject([{ toId: 3 }]);
  });

  test('a partition that its lost broker led again by itself waits for nobody any more', () => {
    const lost = moved(111, 1, { leaderId: -1 });
    const back = moved(100_000, 1, { previousLeaderId: -1, leaderId: 2, leaderEpoch: 6 });
    const again = moved(500_000, 1, { previousLeaderId: 2, leaderEpoch: 7 });
    expect(only([fenced, lost, back, again]).moves).toMatchObject([{ toId: null }]);
  });

  test('of several the worst election is told, with how many there were of it', () => {
    const by = (partition: number, kind: string): LaneEvent => moved(111, partition, { why: { kind, params: { broker: 3 } } });
    const mixed = [fenced, moved(111, 0), by(1, 'elected-eligible'), by(2, 'elected-unclean'), by(3, 'elected-unclean')];
    expect(hardestMoves(only(mixed))).toEqual({ how: 'unclean', count: 2 });
    expect(hardestMoves(only(mixed.slice(0, 3)))).toEqual({ how: 'eligible', count: 1 });
    expect(hardestMoves(only(mixed.slice(0, 2)))).toBeNull();
  });

  test('a client seen under an older epoch has not found the new leader', () => {
    const stale = happened(300, 'clients-followed', { topic: 'orders', partition: 1, leaderId: 3, leaderEpoch: 4 });
    expect(timesOf(only([fenced, moved(111, 1), stale]))[3]).toBeNull();
  });

  test("Kafka's own partitions are counted apart", () => {
    const own = moved(112, 7, { topic: '__consumer_offsets' });
    expect(only([fenced, moved(111, 1), own])).toMatchObject({ internalMoves: 1, moves: [{ partition: 1 }] });
    expect(timesOf(only([fenced, own]))).toEqual([null, 110, 112, null]);
  });

  test('the new controller belongs to it when the lost broker wore the crown', () => {
    const crown = happened(60, 'controller-elected', { controllerId: 1, epoch: 9 });
    expect(only([...whole, crown]).controller).toMatchObject({ brokerId: 1, epoch: 9 });
    expect(only(whole).controller).toBeNull();
  });

  test('is not told of a leader moved by hand, nor of a broker that led nothing', () => {
    expect(electionsOf([moved(111, 1)])).toEqual([]);
    expect(electionsOf([killed, gone, fenced])).toEqual([]);
  });

  test('the broker back and lost again is another story; leaders given back to it belong to none', () => {
    const back = happened(5_000, 'broker-unfenced', { registeredId: 2 });
    const preferred = moved(6_000, 1, { previousLeaderId: 3, leaderId: 2, leaderEpoch: 6 });
    const again = [happened(9_000, 'broker-gone', { brokerId: 2 }), moved(9_100, 1, { leaderEpoch: 7 })];
    const stories = electionsOf([...whole, back, preferred, ...again]);
    expect(stories.map((story) => [story.startMs - startMs, story.cause])).toEqual([
      [0, 'kill'],
      [9_000, 'broker-gone'],
    ]);
  });

  test('no story claims a time that no event has', () => {
    const kinds = fc.constantFrom(killed, gone, fenced, moved(111, 1), moved(115, 4), followed(420, 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.nat(90_000)), { maxLength: 30 }), (picked) => {
        const events = picked.map(([event, afterMs]): LaneEvent => ({ ...event, atMs: startMs + afterMs }));
        const times = new Set(events.map((event) => event.atMs));
        for (const story of electionsOf(events)) {
          const told = [story.startMs, story.endMs, ...story.steps.map((step) => step.atMs), ...story.moves.map((move) => move.atMs)];
          for (const atMs of told) expect(atMs === null || times.has(atMs)).toBe(true);
        }
      }),
    );
  });
});

describe('which election is told', () => {
  const stories = electionsOf(whole);

  test('live: the last one, for a while', () => {
    expect(electionAt(stories, { atMs: null, nowMs: startMs + 100_000 })?.brokerId).toBe(2);
    expect(electionAt(stories, { atMs: null, nowMs: startMs + 130_000 })).toBeNull();
  });

  test('in the record: the one around the moment shown', () => {
    expect(electionAt(stories, { atMs: startMs + 300, nowMs: startMs + 3e6 })?.brokerId).toBe(2);
    expect(electionAt(stories, { atMs: startMs - 60_000, nowMs: startMs + 3e6 })).toBeNull();
  });

  test('the step of a moment is the last whose time has come, and rings stand where leaders are new by then', () => {
    const [election] = stories as [Election];
    expect([-1, 0, 110, 112, 115, 700].map((afterMs) => stepAt(election, startMs + afterMs))).toEqual([-1, 0, 1, 1, 2, 3]);
    expect([0, 111, 115].map((afterMs) => newLeadersAt(election, startMs + afterMs).length)).toEqual([0, 1, 2]);
    expect(toldSteps(only([fenced, moved(111, 1)]))).toEqual([1, 2]);
  });
});
