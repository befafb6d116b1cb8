// Eligible leader replicas (KIP-966). The risk: the last replica in sync loses its unsynced tail, comes back, is elected because
// it was last in sync, and takes acknowledged records away that another replica still holds.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideGoneFence } from '../brokers/broker-registry.ts';
import { decideIncrementalConfigs } from '../configs/alter-configs.ts';
import { decideFeatures } from '../features/update-features.ts';
import { emptyImage } from '../image/cluster-image.ts';
import { replayAll } from '../image/replay.ts';
import { toRecords } from '../image/to-records.ts';
import { TestController } from '../testing/test-controller.ts';
import { decideAlterPartition } from './alter-partition.ts';
import { decideElection } from './elect-leaders.ts';

const minimum = 'min.insync.replicas';

function cluster(minInSync = '2'): TestController {
  const controller = new TestController(new Map([[minimum, minInSync]])).serve(1, 2, 3);
  controller.create('t', [[1, 2, 3]]);
  return controller;
}

function epochOf(controller: TestController, brokerId: number): number {
  return controller.image.brokers.get(brokerId)?.brokerEpoch ?? -1;
}

/** Its process is seen to be gone. */
function kill(controller: TestController, ...brokerIds: readonly number[]): void {
  for (const brokerId of brokerIds)
    controller.apply(decideGoneFence(controller.view(), { brokerId, brokerEpoch: epochOf(controller, brokerId) }));
}

let incarnations = 0;

/** A new process on the same disk; `clean`: the last one closed its logs. */
function restart(controller: TestController, brokerId: number, how: 'clean' | 'unclean' | 'new-disk' = 'unclean'): void {
  incarnations += 1;
  const directory = how === 'new-disk' ? 1_000 + incarnations : brokerId;
  if (how === 'clean') controller.registerCleanly(brokerId, 100 + incarnations);
  else controller.register(brokerId, 100 + incarnations, directory);
  controller.beat(brokerId);
}

function reportIsr(controller: TestController, isr: readonly number[]): number {
  const { leaderId, leaderEpoch, partitionEpoch } = controller.partition('t');
  const newIsrWithEpochs = isr.map((brokerId) => ({ brokerId, brokerEpoch: epochOf(controller, brokerId) }));
  const partitions = [{ partitionIndex: 0, leaderEpoch, partitionEpoch, newIsr: [], newIsrWithEpochs, leaderRecoveryState: 0 }];
  const topics = [{ topicId: controller.image.topics.get('t')!.topicId, partitions }];
  const answer = controller.apply(
    decideAlterPartition(controller.view(), { brokerId: leaderId, brokerEpoch: epochOf(controller, leaderId), topics }),
  );
  return answer.topics[0]?.partitions[0]?.errorCode ?? answer.errorCode;
}

function setConfig(
  controller: TestController,
  place: { readonly type: number; readonly name: string },
  config: readonly [string, string | null],
): number {
  const [name, value] = config;
  const configs = [{ name, value, configOperation: value === null ? 1 : 0 }];
  const resources = [{ resourceType: place.type, resourceName: place.name, configs }];
  return controller.apply(decideIncrementalConfigs(controller.view(), resources, false))[0]!.errorCode;
}
const topicT = { type: 2, name: 't' };

describe('who leaves the ISR', () => {
  test('is eligible only from when the rest is too small to commit anything', () => {
    const controller = cluster();
    kill(controller, 1);
    expect(controller.partition('t')).toMatchObject({ isr: [2, 3], eligibleLeaderReplicas: [], leaderId: 2 });
    kill(controller, 2);
    expect(controller.partition('t')).toMatchObject({ isr: [3], eligibleLeaderReplicas: [2], leaderId: 3 });
    kill(controller, 3);
    expect(controller.partition('t')).toMatchObject({
      isr: [],
      eligibleLeaderReplicas: [2, 3],
      lastKnownEligibleLeaderReplicas: [3],
      leaderId: -1,
    });
  });

  test('because its leader reports that it lags is eligible as well, and no more once enough are in sync again', () => {
    const controller = cluster();
    expect(reportIsr(controller, [1])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ isr: [1], eligibleLeaderReplicas: [2, 3] });
    expect(reportIsr(controller, [1, 3])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ isr: [1, 3], eligibleLeaderReplicas: [] });
  });

  test('a minimum beyond the number of replicas asks for all of them', () => {
    const controller = new TestController(new Map([[minimum, '5']])).serve(1, 2);
    controller.create('t', [[1, 2]]);
    kill(controller, 1);
    expect(controller.partition('t')).toMatchObject({ isr: [2], eligibleLeaderReplicas: [1] });
    restart(controller, 1, 'clean');
    expect(reportIsr(controller, [2, 1])).toBe(0);
    expect(controller.partition('t')).toMatchObject({ isr: [2, 1], eligibleLeaderReplicas: [] });
  });
});

describe('when nobody is in sync', () => {
  test('an eligible replica that is there leads, and its election is a clean one', () => {
    const controller = cluster();
    kill(controller, 1);
    // Cut off, not dead: its process and what it holds live on.
    controller.beat(2, { wantFence: true });
    kill(controller, 3);
    controller.beat(2);
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isr: [2], eligibleLeaderReplicas: [3], isRecovering: false });
    expect(controller.partition('t').lastKnownEligibleLeaderReplicas).toEqual([]);
  });

  test('the last in sync that died without order does not lead while another is eligible', () => {
    const controller = cluster();
    kill(controller, 1);
    controller.beat(2, { wantFence: true });
    kill(controller, 3);
    restart(controller, 3);
    expect(controller.partition('t')).toMatchObject({ leaderId: -1, isr: [], eligibleLeaderReplicas: [2] });
    controller.beat(2);
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isRecovering: false });
  });

  test('one that ended in order stays eligible', () => {
    const controller = cluster('1');
    kill(controller, 1, 2);
    controller.beat(3, { wantShutDown: true });
    controller.beat(3, { wantShutDown: true });
    expect(controller.partition('t')).toMatchObject({ leaderId: -1, isr: [], eligibleLeaderReplicas: [3] });
    restart(controller, 3, 'clean');
    expect(controller.partition('t')).toMatchObject({ leaderId: 3, isr: [3], eligibleLeaderReplicas: [], isRecovering: false });
  });

  test.each([
    [[3, 1, 2], 'first'],
    [[1, 2, 3], 'last'],
  ])('and all died without order, whoever led last leads, and says that it recovers: order %s, it comes %s', (order) => {
    const controller = cluster();
    kill(controller, 1, 2, 3);
    for (const brokerId of order) {
      const hadLeader = controller.partition('t').leaderId;
      restart(controller, brokerId);
      if (hadLeader === -1 && controller.partition('t').eligibleLeaderReplicas.length > 0)
        expect(controller.partition('t').leaderId, 'the eligible come first').toBe(-1);
    }
    expect(controller.partition('t')).toMatchObject({ leaderId: 3, isr: [3], eligibleLeaderReplicas: [], isRecovering: true });
  });

  test('a broker that came back with an empty disk is forgotten: it leads by nobody’s leave but the operator’s', () => {
    const controller = cluster('1');
    kill(controller, 1, 2, 3);
    restart(controller, 3, 'new-disk');
    const lost = controller.partition('t');
    expect(lost).toMatchObject({ leaderId: -1, eligibleLeaderReplicas: [], lastKnownEligibleLeaderReplicas: [] });
    restart(controller, 1);
    expect(controller.partition('t').leaderId).toBe(-1);
    controller.apply(decideElection(controller.view(), { electionType: 1, topicPartitions: [{ topic: 't', partitions: [0] }] }));
    expect(controller.partition('t')).toMatchObject({ leaderId: 1, isRecovering: true });
  });

  test('an election that may be unclean is held at once when that is switched on, and by the nearest word alone', () => {
    const unclean = 'unclean.leader.election.enable';
    for (const [place, other] of [
      [topicT, null],
      [{ type: 4, name: '' }, null],
      [{ type: 4, name: '' }, 'false'],
    ] as const) {
      const controller = cluster();
      kill(controller, 2, 3);
      kill(controller, 1);
      restart(controller, 2);
      if (other !== null) setConfig(controller, topicT, [unclean, other]);
      expect(controller.partition('t').leaderId).toBe(-1);
      expect(setConfig(controller, place, [unclean, 'true'])).toBe(0);
      expect(controller.partition('t')).toMatchObject(other === null ? { leaderId: 2, isr: [2], isRecovering: true } : { leaderId: -1 });
    }
  });
});

describe('the minimum', () => {
  test('that changes makes the eligible ineligible, but where nobody leads they are all there is', () => {
    const controller = cluster();
    reportIsr(controller, [1]);
    setConfig(controller, topicT, [minimum, '3']);
    expect(controller.partition('t')).toMatchObject({ isr: [1], eligibleLeaderReplicas: [] });
    kill(controller, 1);
    setConfig(controller, topicT, [minimum, '1']);
    expect(controller.partition('t')).toMatchObject({ leaderId: -1, eligibleLeaderReplicas: [1] });
    restart(controller, 1, 'clean');
    expect(controller.partition('t')).toMatchObject({ leaderId: 1, isRecovering: false });
  });

  test('of the cluster clears every topic’s', () => {
    const controller = cluster();
    reportIsr(controller, [1]);
    setConfig(controller, { type: 4, name: '' }, [minimum, '1']);
    expect(controller.partition('t').eligibleLeaderReplicas).toEqual([]);
  });

  test('is the same for leaders and controller: never one broker’s own, and never gone', () => {
    const controller = cluster();
    expect(controller.image.configs.get('4/')?.get(minimum), 'a new cluster writes down what its file says').toBe('2');
    expect(setConfig(controller, { type: 4, name: '1' }, [minimum, '1'])).not.toBe(0);
    expect(setConfig(controller, { type: 4, name: '' }, [minimum, null])).not.toBe(0);
    expect(setConfig(controller, { type: 4, name: '' }, [minimum, '3'])).toBe(0);
  });
});

describe('switching the feature', () => {
  const feature = 'eligible.leader.replicas.version';
  const turn = (controller: TestController, maxVersionLevel: number): void => {
    const updates = [{ feature, maxVersionLevel, upgradeType: maxVersionLevel === 0 ? 2 : 1 }];
    expect(controller.apply(decideFeatures(controller.view(), updates, false))[0]).toMatchObject({ errorCode: 0 });
  };

  test('off turns the eligible of leaderless partitions into the ISR they would have been, and forgets the others', () => {
    const controller = cluster();
    controller.create('led', [[1, 2]]);
    kill(controller, 2, 3);
    expect(controller.partition('led')).toMatchObject({ isr: [1], eligibleLeaderReplicas: [2] });
    controller.create('alone', [[1]]);
    kill(controller, 1);
    restart(controller, 2);
    turn(controller, 0);
    expect(controller.partition('alone')).toMatchObject({ isr: [1], eligibleLeaderReplicas: [], lastKnownEligibleLeaderReplicas: [] });
    restart(controller, 1);
    expect(controller.partition('alone')).toMatchObject({ leaderId: 1, isr: [1] });
  });

  test('on takes the brokers’ own minimum away', () => {
    const controller = cluster();
    turn(controller, 0);
    expect(setConfig(controller, { type: 4, name: '1' }, [minimum, '3'])).toBe(0);
    turn(controller, 1);
    expect(controller.image.configs.has('4/1')).toBe(false);
    expect(controller.image.configs.get('4/')?.get(minimum)).toBe('2');
  });
});

// What every replica holds, kept beside the controller that decides without knowing it.
class World {
  readonly controller = cluster();
  readonly #held = new Map([1, 2, 3].map((id) => [id, 0]));
  readonly #alive = new Set([1, 2, 3]);
  #committed = 0;

  apply({ kind, brokerId, loses }: { readonly kind: string; readonly brokerId: number; readonly loses: boolean }): void {
    const before = this.controller.partition('t');
    switch (kind) {
      case 'commit':
        this.#commit();
        break;
      case 'kill':
        this.#alive.delete(brokerId);
        break;
      case 'notice':
        if (!this.#alive.has(brokerId)) kill(this.controller, brokerId);
        break;
      case 'fence':
        if (this.#alive.has(brokerId)) this.controller.beat(brokerId, { wantFence: true });
        break;
      case 'return':
        if (this.#alive.has(brokerId)) this.controller.beat(brokerId);
        break;
      case 'crash-and-return':
        if (loses) this.#held.set(brokerId, 0);
        this.#alive.add(brokerId);
        restart(this.controller, brokerId);
        break;
      case 'shrink':
      case 'expand':
        this.#report(kind, brokerId);
        break;
      default:
        setConfig(this.controller, topicT, [minimum, String(brokerId)]);
    }
    this.#check(before.leaderEpoch);
  }

  get #minimum(): number {
    return Number(this.controller.image.configs.get('2/t')?.get(minimum) ?? 2);
  }

  /** The leader appends; with enough in sync and all of them alive it is committed. */
  #commit(): void {
    const { leaderId, isr } = this.controller.partition('t');
    if (!this.#alive.has(leaderId) || isr.length < this.#minimum || !isr.every((id) => this.#alive.has(id))) return;
    this.#committed += 1;
    for (const id of isr) this.#held.set(id, this.#committed);
  }

  #report(kind: string, brokerId: number): void {
    const { leaderId, isr } = this.controller.partition('t');
    if (!this.#alive.has(leaderId) || brokerId === leaderId) return;
    if (kind === 'shrink')
      return void reportIsr(
        this.controller,
        isr.filter((id) => id !== brokerId),
      );
    if (!this.#alive.has(brokerId) || isr.includes(brokerId)) return;
    this.#held.set(brokerId, this.#held.get(leaderId)!);
    reportIsr(this.controller, [...isr, brokerId]);
  }

  #check(leaderEpoch: number): void {
    const { leaderId, isRecovering, isr, ...rest } = this.controller.partition('t');
    if (isRecovering && rest.leaderEpoch > leaderEpoch && leaderId !== -1) {
      // An unclean election: what its leader lacks is lost, and everybody has to follow it.
      this.#committed = this.#held.get(leaderId)!;
      for (const id of this.#held.keys()) if (id !== leaderId) this.#held.set(id, -1);
    }
    for (const id of [...isr, ...rest.eligibleLeaderReplicas]) {
      // A crash that nobody has noticed: it will have to register anew before it can lead.
      if (!this.#alive.has(id)) continue;
      expect(this.#held.get(id), `broker ${id} may lead`).toBeGreaterThanOrEqual(this.#committed);
    }
    const { image } = this.controller;
    const { offset: _offset, epoch: _epoch, ...content } = image;
    expect(replayAll(emptyImage, [...toRecords(image)], 1)).toMatchObject(content);
  }
}

test('whatever dies, loses its tail, returns or is reconfigured: whoever is elected without a word of recovery holds all that was committed', () => {
  const event = fc.record({
    kind: fc.constantFrom(
      'commit',
      'commit',
      'kill',
      'notice',
      'fence',
      'return',
      'crash-and-return',
      'shrink',
      'expand',
      'expand',
      'minimum',
    ),
    brokerId: fc.constantFrom(1, 2, 3),
    loses: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const world = new World();
      for (const each of events) world.apply(each);
    }),
    { numRuns: 400 },
  );
});
