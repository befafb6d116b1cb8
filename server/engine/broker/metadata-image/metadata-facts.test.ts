// Why a leader was named, as viewers are told it. The risk: an election that lost records reads like any other, or one that
// lost none is told as if it had.

import { describe, expect, test } from 'vitest';
import type { Why } from '#engine/base/why.ts';
import { decideGoneFence, decideHeartbeat, decideRegistration } from '#engine/controller/brokers/broker-registry.ts';
import { decideIncrementalConfigs } from '#engine/controller/configs/alter-configs.ts';
import type { Decision } from '#engine/controller/decision.ts';
import { supportedFeatures } from '#engine/controller/features/feature-table.ts';
import { toRecords } from '#engine/controller/image/to-records.ts';
import { decideElection } from '#engine/controller/partitions/elect-leaders.ts';
import { TestController } from '#engine/controller/testing/test-controller.ts';
import type { Fact } from '#engine/trace/events.ts';
import { MetadataCache } from '../metadata-cache.ts';
import { toFacts } from './metadata-facts.ts';

type Told = readonly (readonly [kind: string, leaderOrIsr: string, why: Why['kind'] | undefined])[];

/** A controller whose every decision is told at once, as the active one tells what is committed. */
class Teller {
  readonly controller = new TestController(new Map([['min.insync.replicas', '2']])).serve(1, 2, 3);
  readonly #cache = new MetadataCache('cluster');

  constructor() {
    this.controller.create('t', [[1, 2, 3]]);
    this.#follow([...toRecords(this.controller.image)]);
  }

  #follow(records: Decision<unknown>['records']): readonly Fact[] {
    const { delta, touched } = this.#cache.apply([{ records, epoch: 1, lastOffset: this.#cache.offset + records.length }]);
    return toFacts(delta, touched);
  }

  decide(decision: Decision<unknown>): Told {
    this.controller.apply(decision);
    return this.#follow(decision.records).flatMap((fact): Told => {
      if (fact.kind === 'leader-changed') return [['leader', String(fact.leaderId), fact.why?.kind]];
      return fact.kind === 'isr-changed' ? [['isr', fact.isr.join(), fact.why?.kind]] : [];
    });
  }

  #epochOf(brokerId: number): number {
    return this.controller.image.brokers.get(brokerId)?.brokerEpoch ?? -1;
  }

  kill(brokerId: number): Told {
    return this.decide(decideGoneFence(this.controller.view(), { brokerId, brokerEpoch: this.#epochOf(brokerId) }));
  }

  /** A new process that doesn't know how the last one ended: its disk may have lost something. */
  register(brokerId: number): Told {
    const { image } = this.controller;
    const decision = decideRegistration(this.controller.view(), {
      brokerId,
      clusterId: 'cluster',
      incarnationId: this.controller.view().newTopicId(),
      rack: null,
      features: supportedFeatures,
      logDirs: image.brokers.get(brokerId)!.logDirs,
      previousBrokerEpoch: -1,
      listeners: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9_092, securityProtocol: 0 }],
    });
    return this.decide(decision);
  }

  beat(brokerId: number, wantFence = false): Told {
    const { offset: currentMetadataOffset } = this.controller.image;
    const brokerEpoch = this.#epochOf(brokerId);
    return this.decide(
      decideHeartbeat(this.controller.view(), { brokerId, brokerEpoch, currentMetadataOffset, wantFence, wantShutDown: false }),
    );
  }

  elect(): Told {
    return this.decide(decideElection(this.controller.view(), { electionType: 1, topicPartitions: [{ topic: 't', partitions: [0] }] }));
  }

  setTopic(name: string, value: string): Told {
    const resources = [{ resourceType: 2, resourceName: 't', configs: [{ name, value, configOperation: 0 }] }];
    return this.decide(decideIncrementalConfigs(this.controller.view(), resources, false));
  }
}

describe('a leader that was in sync', () => {
  test('is told by the broker that made it necessary', () => {
    const teller = new Teller();
    expect(teller.kill(1)).toEqual([
      ['leader', '2', 'broker-fenced-silent'],
      ['isr', '2,3', 'broker-fenced-silent'],
    ]);
  });
});

describe('a leader that was not in sync', () => {
  test('but eligible is told as such, and promises that nothing is lost', () => {
    const back = new Teller();
    back.kill(1);
    back.beat(2, true);
    back.kill(3);
    expect(back.beat(2)).toEqual([
      ['leader', '2', 'elected-eligible'],
      ['isr', '2', 'elected-eligible'],
    ]);
  });

  test('and led last is told as unclean: its process ended without order', () => {
    const teller = new Teller();
    for (const brokerId of [1, 2, 3]) teller.kill(brokerId);
    for (const brokerId of [2, 3]) expect(teller.register(brokerId).filter(([kind]) => kind === 'leader')).toEqual([]);
    expect(teller.beat(2)).toEqual([]);
    expect(teller.beat(3)).toEqual([
      ['leader', '3', 'elected-last-known'],
      ['isr', '3', 'elected-last-known'],
    ]);
  });

  test('and led last is told the same when it was only waited that the last eligible one came back without its tail', () => {
    const teller = new Teller();
    for (const brokerId of [1, 2, 3]) teller.kill(brokerId);
    teller.register(3);
    expect(teller.beat(3), 'broker 2 is eligible still').toEqual([]);
    expect(teller.register(2)).toEqual([
      ['leader', '3', 'elected-last-known'],
      ['isr', '3', 'elected-last-known'],
    ]);
  });

  test('by a person’s order is told as unclean, though an eligible one was passed over that led last', () => {
    const teller = new Teller();
    for (const brokerId of [1, 2, 3]) teller.kill(brokerId);
    teller.register(3);
    teller.beat(3);
    expect(teller.elect()).toEqual([
      ['leader', '3', 'elected-unclean'],
      ['isr', '3', 'elected-unclean'],
    ]);
  });

  test('because the topic allows it is told as unclean', () => {
    const teller = new Teller();
    for (const brokerId of [1, 2, 3]) teller.kill(brokerId);
    teller.register(1);
    expect(teller.beat(1)).toEqual([]);
    expect(teller.setTopic('unclean.leader.election.enable', 'true')).toEqual([
      ['leader', '1', 'elected-unclean'],
      ['isr', '1', 'elected-unclean'],
    ]);
  });

  test('that is lost again before it recovered leaves nobody, which is no election', () => {
    const teller = new Teller();
    for (const brokerId of [1, 2, 3]) teller.kill(brokerId);
    teller.register(1);
    teller.beat(1);
    teller.elect();
    expect(teller.controller.partition('t').isRecovering).toBe(true);
    expect(teller.kill(1), 'nobody is no election').toEqual([
      ['leader', '-1', 'broker-fenced-silent'],
      ['isr', '', 'broker-fenced-silent'],
    ]);
  });
});
