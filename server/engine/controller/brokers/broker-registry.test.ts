import { describe, expect, test } from 'vitest';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import {
  decideGoneFence,
  decideHeartbeat,
  decideRegistration,
  decideStaleFence,
  decideUnregister,
  grantSessions,
  nextSessionEndMs,
} from './broker-registry.ts';
import { sessionTimeoutMs, TestController } from '../testing/test-controller.ts';

describe('registration', () => {
  test('a broker epoch is the offset of its registration, so a later process always has a larger one', () => {
    const controller = new TestController();
    const first = controller.register(1, 1);
    expect(first).toBe(controller.image.offset);
    const second = controller.register(1, 2);
    expect(second).toBe(controller.image.offset);
    expect(second).toBeGreaterThan(first);
  });

  test('the same process asking twice keeps its epoch and writes nothing', () => {
    const controller = new TestController();
    const epoch = controller.register(1, 1);
    const { offset } = controller.image;
    expect(controller.register(1, 1)).toBe(epoch);
    expect(controller.image.offset).toBe(offset);
  });

  test('a second process cannot take the id of a broker that still beats', () => {
    const controller = new TestController().serve(1);
    expect(controller.register(1, 99)).toBe(-errorCodes.DUPLICATE_BROKER_REGISTRATION);
    controller.nowMs += sessionTimeoutMs;
    expect(controller.register(1, 99)).toBeGreaterThan(0);
  });

  test('a broker that was killed comes back on its own directory without waiting for the end of its session', () => {
    const controller = new TestController().serve(1);
    const before = controller.image.brokers.get(1)!.brokerEpoch;
    expect(controller.register(1, 99, 1)).toBeGreaterThan(before);
    expect(controller.image.brokers.get(1)).toMatchObject({ isFenced: true });
  });

  test('a new controller, which has heard of nobody yet, lets a restarted broker in and still grants the others a session', () => {
    const controller = new TestController().serve(1, 2);
    grantSessions(controller.view());
    expect(controller.register(1, 99)).toBeGreaterThan(0);
    expect(decideStaleFence(controller.view()).answer).toBeNull();
    controller.nowMs += sessionTimeoutMs;
    expect(decideStaleFence(controller.view()).answer).toBe(2);
  });

  test('a broker of another cluster, or one that lacks a finalized feature, is refused', () => {
    const controller = new TestController();
    const request = {
      brokerId: 1,
      clusterId: 'cluster',
      incarnationId: controller.view().newTopicId(),
      listeners: [],
      features: [],
      rack: null,
      logDirs: [],
      previousBrokerEpoch: -1,
    };
    expect(decideRegistration(controller.view(), { ...request, clusterId: 'other' }).answer.errorCode).toBe(
      errorCodes.INCONSISTENT_CLUSTER_ID,
    );
    expect(decideRegistration(controller.view(), request).answer.errorCode).toBe(errorCodes.UNSUPPORTED_VERSION);
  });
});

describe('fencing', () => {
  test('a new broker stays fenced until it has read its own registration', () => {
    const controller = new TestController();
    const brokerEpoch = controller.register(1);
    const early = decideHeartbeat(controller.view(), {
      brokerId: 1,
      brokerEpoch,
      currentMetadataOffset: brokerEpoch - 1,
      wantFence: false,
      wantShutDown: false,
    });
    expect(early.answer).toMatchObject({ isCaughtUp: false, isFenced: true });
    expect(controller.beat(1)).toMatchObject({ isCaughtUp: true, isFenced: false });
  });

  test('silence for a session fences a broker: its partitions with one replica have no leader, and get it back with it', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('solo', [[1]]);
    expect(controller.partition('solo')).toMatchObject({ leaderId: 1, leaderEpoch: 0, isr: [1] });
    controller.nowMs += sessionTimeoutMs - 1;
    controller.beat(2);
    expect(decideStaleFence(controller.view()).answer).toBeNull();
    controller.nowMs += 1;
    expect(controller.apply(decideStaleFence(controller.view()))).toBe(1);
    expect(controller.partition('solo')).toMatchObject({ leaderId: -1, leaderEpoch: 1, isr: [], eligibleLeaderReplicas: [1] });
    controller.beat(1);
    expect(controller.partition('solo')).toMatchObject({ leaderId: 1, leaderEpoch: 2, isr: [1] });
  });

  test('another in-sync replica takes over, and the fenced one leaves the ISR', () => {
    const controller = new TestController().serve(1, 2, 3);
    controller.create('t', [[1, 2, 3]]);
    controller.beat(1, { wantFence: true });
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, leaderEpoch: 1, isr: [2, 3] });
  });

  test('a process seen to be gone is fenced at once; a later one with the same id, or one fenced already, is not', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    const { brokerEpoch } = controller.image.brokers.get(1)!;
    expect(controller.apply(decideGoneFence(controller.view(), { brokerId: 1, brokerEpoch }))).toBe(true);
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isr: [2] });
    for (const gone of [
      { brokerId: 1, brokerEpoch },
      { brokerId: 2, brokerEpoch },
      { brokerId: 9, brokerEpoch },
    ])
      expect(decideGoneFence(controller.view(), gone)).toEqual({ records: [], answer: false });
    controller.beat(1);
    expect(controller.image.brokers.get(1), 'it was there all the same: one beat and it serves').toMatchObject({ isFenced: false });
  });

  test('a follower that goes costs no new leader epoch', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    controller.beat(2, { wantFence: true });
    expect(controller.partition('t')).toMatchObject({ leaderId: 1, leaderEpoch: 0, partitionEpoch: 1, isr: [1] });
  });

  test('unclean election is off: a replica outside the ISR never leads unless the topic allows it', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    controller.beat(2, { wantFence: true });
    controller.beat(1, { wantFence: true });
    controller.beat(2);
    expect(controller.partition('t')).toMatchObject({ leaderId: -1, isr: [], eligibleLeaderReplicas: [1] });
    controller.staticConfigs.set('unclean.leader.election.enable', 'true');
    controller.beat(2, { wantFence: true });
    controller.beat(2);
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isr: [2], isRecovering: true });
  });

  test('a stale epoch and an unknown broker are told apart', () => {
    const controller = new TestController().serve(1);
    const beat = { currentMetadataOffset: 0, wantFence: false, wantShutDown: false };
    expect(decideHeartbeat(controller.view(), { ...beat, brokerId: 1, brokerEpoch: 0 }).answer.errorCode).toBe(
      errorCodes.STALE_BROKER_EPOCH,
    );
    expect(decideHeartbeat(controller.view(), { ...beat, brokerId: 7, brokerEpoch: 0 }).answer.errorCode).toBe(
      errorCodes.BROKER_ID_NOT_REGISTERED,
    );
  });

  test('the next session end is the oldest contact plus one session; without brokers there is none', () => {
    const controller = new TestController();
    expect(nextSessionEndMs(controller.view())).toBe(Infinity);
    controller.serve(1);
    controller.nowMs += 100;
    controller.serve(2);
    expect(nextSessionEndMs(controller.view())).toBe(controller.nowMs - 100 + sessionTimeoutMs);
  });
});

describe('controlled shutdown', () => {
  test('leaders move first, everybody reads it, then the broker may go', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    expect(controller.beat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isr: [2] });
    expect(controller.image.brokers.get(1)).toMatchObject({ isShuttingDown: true, isFenced: false });
    expect(controller.beat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: false });
    controller.beat(2);
    expect(controller.beat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(controller.image.brokers.get(1)).toMatchObject({ isFenced: true });
  });

  test('the last broker need not wait for anybody', () => {
    const controller = new TestController().serve(1);
    controller.create('t', [[1]]);
    controller.beat(1, { wantShutDown: true });
    expect(controller.beat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
  });

  test('an unregistered broker leaves no leadership behind', () => {
    const controller = new TestController().serve(1, 2);
    controller.create('t', [[1, 2]]);
    expect(controller.apply(decideUnregister(controller.view(), 1)).errorCode).toBe(0);
    expect(controller.partition('t')).toMatchObject({ leaderId: 2, isr: [2] });
    expect(decideUnregister(controller.view(), 1).answer.errorCode).toBe(errorCodes.BROKER_ID_NOT_REGISTERED);
  });
});
