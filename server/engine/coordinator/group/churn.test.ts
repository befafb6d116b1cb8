import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupHarness } from '../testing/group-harness.ts';
import { SimulatedConsumer, topic, type Assignor, type Ledger } from '../testing/simulated-consumer.ts';

const partitionCount = 6;
const slots = 4;

type SlotAction = 'poll' | 'leave' | 'kill' | 'start' | 'replace' | 'lose-answer' | 'ignore';
type Action =
  | { readonly kind: SlotAction; readonly slot: number }
  | { readonly kind: 'advance'; readonly durationMs: number }
  | { readonly kind: 'poll-all' | 'consume-all' | 'crash' };

const inSlot = (kind: SlotAction, weight: number) => ({
  weight,
  arbitrary: fc.record({ kind: fc.constant(kind), slot: fc.nat({ max: slots - 1 }) }),
});
const everywhere = (kind: 'poll-all' | 'consume-all' | 'crash', weight: number) => ({ weight, arbitrary: fc.constant({ kind }) });
const action: fc.Arbitrary<Action> = fc.oneof(
  everywhere('poll-all', 40),
  everywhere('consume-all', 15),
  everywhere('crash', 2),
  inSlot('poll', 10),
  inSlot('start', 6),
  inSlot('leave', 2),
  inSlot('kill', 2),
  inSlot('replace', 3),
  inSlot('lose-answer', 2),
  inSlot('ignore', 4),
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), durationMs: fc.constantFrom(0, 500, 3_000, 6_000, 25_000) }),
  },
);

/** A group whose members come and go as the actions say. Slots 0 and 1 hold static members when wished. */
class Churn {
  readonly groups: GroupHarness;
  readonly ledger: Ledger = { committed: new Map(), violations: [] };
  readonly consumers: (SimulatedConsumer | undefined)[] = Array.from({ length: slots }, () => undefined);
  /** Processes that were replaced while they lived: they go on reading and committing until someone tells them. */
  readonly zombies: SimulatedConsumer[] = [];
  /** Whom poll-all passes over: a process that hangs and so misses its heartbeats. */
  ignored = -1;
  readonly #assignor: Assignor;
  readonly #hasStatic: boolean;
  #started = 0;

  constructor(assignor: Assignor, hasStatic: boolean, initialRebalanceDelayMs: number) {
    this.#assignor = assignor;
    this.#hasStatic = hasStatic;
    this.groups = new GroupHarness({ initialRebalanceDelayMs });
  }

  run(each: Action): void {
    switch (each.kind) {
      case 'advance':
        return this.groups.advance(each.durationMs);
      case 'crash':
        return this.groups.crash();
      case 'poll-all':
        return this.consumers.forEach((consumer, slot) => {
          if (slot !== this.ignored) consumer?.poll();
        });
      case 'consume-all':
        return [...this.zombies, ...this.consumers].forEach((consumer, index) => {
          consumer?.consume(1 + index);
        });
      default:
        return this.#runInSlot(each.kind, each.slot);
    }
  }

  #runInSlot(kind: SlotAction, slot: number): void {
    const consumer = this.consumers[slot];
    switch (kind) {
      case 'poll':
        return consumer?.poll();
      case 'lose-answer':
        return consumer?.loseAnswer();
      case 'leave':
        return consumer?.leave();
      case 'kill':
        return consumer?.kill();
      case 'ignore':
        this.ignored = this.ignored === slot ? -1 : slot;
        return undefined;
      case 'start':
        return consumer === undefined || consumer.isStopped ? this.#start(slot) : undefined;
      case 'replace':
        if (consumer !== undefined) this.zombies.push(consumer);
        return this.#start(slot);
    }
  }

  /** Lets whoever lives find together: nothing fails any more and time goes on. */
  settle(): void {
    for (let round = 0; round < 60; round += 1) {
      this.groups.advance(2_000);
      for (const consumer of this.consumers) consumer?.poll();
    }
  }

  get alive(): SimulatedConsumer[] {
    return this.consumers.filter((consumer): consumer is SimulatedConsumer => consumer !== undefined && !consumer.isStopped);
  }

  #start(slot: number): void {
    const groupInstanceId = this.#hasStatic && slot < 2 ? `instance-${slot}` : null;
    this.consumers[slot] = new SimulatedConsumer(
      { name: `c${slot}-${this.#started++}`, assignor: this.#assignor, groupInstanceId, partitionCount },
      this.groups,
      this.ledger,
    );
  }
}

/** Those whom the coordinator counts as settled members of its present generation. */
function settledOwners(churn: Churn): SimulatedConsumer[] {
  const { state, members } = churn.groups.describe();
  if (state !== 'Stable') return [];
  const record = churn.groups.log.findLast((each) => each.kind === 'group');
  const generation = record?.kind === 'group' ? record.value?.generationId : undefined;
  return churn.consumers.filter(
    (consumer): consumer is SimulatedConsumer =>
      consumer?.isStable === true && consumer.generation === generation && members.some(({ memberId }) => memberId === consumer.memberId),
  );
}

function checkInvariants(churn: Churn): void {
  const owned = settledOwners(churn).flatMap((consumer) => consumer.owned);
  expect(new Set(owned).size, `two owners among ${owned.join()}`).toBe(owned.length);
  expect(churn.ledger.violations).toEqual([]);
  const ids = [...churn.zombies, ...churn.alive].map((consumer) => consumer.memberId).filter((memberId) => memberId !== '');
  expect(new Set(ids).size, `an id was given twice: ${ids.join()}`).toBe(ids.length);
}

const committedNow = (churn: Churn): Record<string, number> =>
  Object.fromEntries([...churn.ledger.committed].map(([partition, offset]) => [`${topic}-${partition}`, offset]));

describe.each<Assignor>(['range', 'roundrobin', 'cooperative'])(
  'members with the %s assignor that come, go, fall silent and lose their coordinator',
  (assignor) => {
    it.each([
      [false, 0],
      [false, 3_000],
      [true, 0],
    ])('never own a partition twice and commit every record once (static: %s, delay: %i ms)', (hasStatic, delayMs) => {
      fc.assert(
        fc.property(fc.array(action, { minLength: 30, maxLength: 150 }), (actions) => {
          const churn = new Churn(assignor, hasStatic, delayMs);
          churn.run({ kind: 'start', slot: 0 });
          churn.run({ kind: 'start', slot: 2 });
          for (const each of actions) {
            churn.run(each);
            checkInvariants(churn);
          }
          expect(churn.groups.committed()).toEqual(committedNow(churn));
        }),
        { numRuns: 150 },
      );
    });

    it('find together once the trouble is over: every partition has exactly one owner', () => {
      fc.assert(
        fc.property(fc.array(action, { minLength: 20, maxLength: 100 }), (actions) => {
          const churn = new Churn(assignor, true, 0);
          for (const each of actions) churn.run(each);
          churn.ignored = -1;
          churn.run({ kind: 'start', slot: 3 });
          churn.settle();
          expect(churn.groups.describe().state).toBe('Stable');
          const owned = churn.alive.flatMap((consumer) => consumer.owned);
          expect(owned.toSorted((a, b) => a - b)).toEqual(Array.from({ length: partitionCount }, (_, partition) => partition));
        }),
        { numRuns: 100 },
      );
    });
  },
);

describe('a coordinator that dies between any two writes', () => {
  it('has at its next start every commit that was acknowledged, and no more than was asked for', () => {
    fc.assert(
      fc.property(fc.array(action, { minLength: 20, maxLength: 80 }), (actions) => {
        const churn = new Churn('range', true, 0);
        churn.run({ kind: 'start', slot: 0 });
        const acknowledged = new Map<number, Record<string, number>>([[0, {}]]);
        for (const each of actions) {
          churn.run(each);
          acknowledged.set(churn.groups.log.length, committedNow(churn));
        }
        const log = [...churn.groups.log];
        for (let length = 0; length <= log.length; length += 1) {
          const revived = new GroupHarness();
          revived.log = log.slice(0, length);
          revived.crash();
          const expected = acknowledged.get(length);
          if (expected !== undefined) expect(revived.committed()).toEqual(expected);
          expect(['Dead', 'Empty', 'Stable']).toContain(revived.describe().state);
        }
      }),
      { numRuns: 40 },
    );
  });
});
