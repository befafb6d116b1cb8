// Drives the controller on the node that leads the quorum: one decision after the other on the newest image, records to the
// log, answers once they are committed. JavaScript's single thread is the single writer: a decision and its append are one
// synchronous step. Invariant: an answer, even one without records, never leaves before everything it was based on is committed.

import { BrokerHeartbeats } from '#engine/controller/brokers/heartbeats.ts';
import { decideGoneFence, decideStaleFence, grantSessions, nextSessionEndMs } from '#engine/controller/brokers/broker-registry.ts';
import type { ControllerSettings, ControllerView, Decision } from '#engine/controller/decision.ts';
import { decideLeaderBalance } from '#engine/controller/partitions/leader-balance.ts';
import { bootstrapRecords } from '#engine/controller/features/update-features.ts';
import type { ClusterImage } from '#engine/controller/image/cluster-image.ts';
import { replayAll } from '#engine/controller/image/replay.ts';
import type { MetadataRecord } from '#engine/controller/records.ts';
import { uuidFromBytes } from '#engine/bytes/uuid.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';

/** Answers that may wait for their commit. Beyond it requests are told to come back later. */
export const maxPendingAnswers = 10_000;

/** What the driver needs of the quorum. */
export interface ControllerLog {
  /** Base offset of the appended batch; null when this node doesn't lead `epoch`. */
  append(records: readonly MetadataRecord[], epoch: number): number | null;
  readonly endOffset: number;
}

export type Failure = 'not-controller' | 'timed-out' | 'overloaded';
export type Outcome<Answer> = { readonly kind: 'answered'; readonly answer: Answer } | { readonly kind: Failure };

export interface ControllerOptions {
  readonly world: World;
  readonly settings: ControllerSettings;
  readonly log: ControllerLog;
}

interface Pending {
  readonly endOffset: number;
  readonly commit: () => void;
  readonly fail: (failure: Failure) => void;
}

interface Reign {
  readonly epoch: number;
  readonly heartbeats: BrokerHeartbeats;
  /** With every record decided so far. */
  image: ClusterImage;
}

export class ControllerDriver {
  readonly #options: ControllerOptions;
  /** null while another node is active. */
  #reign: Reign | null = null;
  #committedOffset = 0;
  /** In the order of their offsets. */
  readonly #pending: Pending[] = [];
  #sessionTimer: TimerHandle | null = null;
  #balanceTimer: TimerHandle | null = null;

  constructor(options: ControllerOptions) {
    this.#options = options;
  }

  get isActive(): boolean {
    return this.#reign !== null;
  }
  get epoch(): number {
    return this.#reign?.epoch ?? -1;
  }

  /** This node leads the quorum and `image` holds everything committed before its epoch and at its start. */
  activate(epoch: number, image: ClusterImage, committedOffset: number): void {
    this.#committedOffset = committedOffset;
    this.#reign = { epoch, image, heartbeats: new BrokerHeartbeats() };
    const view = this.#view(this.#reign);
    grantSessions(view);
    if (image.features.size === 0)
      this.#apply(this.#reign, { records: bootstrapRecords(this.#options.settings.staticConfigs), answer: null });
    this.#armSessionTimer();
    this.#armBalanceTimer();
  }

  /** The last leader of the quorum, unheard for so long that this one was elected, is granted no more than the rest of its session. */
  noteSilence(brokerId: number, silentMs: number): void {
    if (this.#reign === null) return;
    this.#reign.heartbeats.noteSilence(brokerId, this.#nowMs() - silentMs);
    if (this.#sessionTimer !== null) this.#options.world.timers.clearTimer(this.#sessionTimer);
    this.#sessionTimer = null;
    this.#armSessionTimer();
  }

  /** Another node leads: nothing decided here and not committed will be answered as done. */
  deactivate(): void {
    this.#reign = null;
    if (this.#sessionTimer !== null) this.#options.world.timers.clearTimer(this.#sessionTimer);
    this.#sessionTimer = null;
    if (this.#balanceTimer !== null) this.#options.world.timers.clearTimer(this.#balanceTimer);
    this.#balanceTimer = null;
    for (const pending of this.#pending.splice(0)) pending.fail('not-controller');
  }

  /** Releases the answers below the new high watermark. */
  onCommitted(highWatermark: number): void {
    this.#committedOffset = highWatermark;
    let count = 0;
    while ((this.#pending[count]?.endOffset ?? Infinity) <= highWatermark) count += 1;
    for (const pending of this.#pending.splice(0, count)) pending.commit();
  }

  /** A replica has read the log up to `offset`: what a heartbeat would say a little later. */
  noteReplicaOffset(brokerId: number, offset: number): void {
    this.#reign?.heartbeats.noteOffset(brokerId, offset);
  }

  /** This broker's process is gone. */
  fenceGone(brokerId: number, brokerEpoch: number): void {
    if (this.#reign !== null) this.#apply(this.#reign, decideGoneFence(this.#view(this.#reign), { brokerId, brokerEpoch }));
  }

  /** Decides now, answers when committed. A time-out leaves the outcome open, as Kafka's does. */
  submit<Answer>(decide: (view: ControllerView) => Decision<Answer>, timeoutMs: number): Promise<Outcome<Answer>> {
    const reign = this.#reign;
    if (reign === null) return Promise.resolve({ kind: 'not-controller' });
    if (this.#pending.length >= maxPendingAnswers) return Promise.resolve({ kind: 'overloaded' });
    const decision = decide(this.#view(reign));
    if (!this.#apply(reign, decision)) return Promise.resolve({ kind: 'not-controller' });
    this.#armSessionTimer();
    const { endOffset } = this.#options.log;
    if (endOffset <= this.#committedOffset) return Promise.resolve({ kind: 'answered', answer: decision.answer });
    return this.#whenCommitted(endOffset, decision.answer, timeoutMs);
  }

  #whenCommitted<Answer>(endOffset: number, answer: Answer, timeoutMs: number): Promise<Outcome<Answer>> {
    const { timers } = this.#options.world;
    return new Promise((resolve) => {
      const settle = (outcome: Outcome<Answer>): void => {
        timers.clearTimer(timer);
        resolve(outcome);
      };
      const pending: Pending = {
        endOffset,
        commit: () => {
          settle({ kind: 'answered', answer });
        },
        fail: (kind) => {
          settle({ kind });
        },
      };
      const timer = timers.setTimer(timeoutMs, () => {
        const at = this.#pending.indexOf(pending);
        if (at >= 0) this.#pending.splice(at, 1);
        resolve({ kind: 'timed-out' });
      });
      this.#pending.push(pending);
    });
  }

  /** Appends first: only what is in the log may be built upon. */
  #apply<Answer>(reign: Reign, decision: Decision<Answer>): boolean {
    if (decision.records.length > 0) {
      const baseOffset = this.#options.log.append(decision.records, reign.epoch);
      if (baseOffset === null) return false;
      reign.image = { ...replayAll(reign.image, decision.records, reign.epoch), offset: baseOffset + decision.records.length - 1 };
    }
    decision.onAppended?.();
    return true;
  }

  #view(reign: Reign): ControllerView {
    const { world, settings, log } = this.#options;
    return {
      image: reign.image,
      settings,
      heartbeats: reign.heartbeats,
      nowMs: this.#nowMs(),
      nextOffset: log.endOffset,
      nextInt: (bound) => world.random.nextInt(bound),
      newTopicId: () => uuidFromBytes(randomId(world)),
    };
  }

  /** Monotonic: a wall clock that jumps must not fence a cluster. */
  #nowMs(): number {
    return this.#options.world.clock.monotonicUs() / 1_000;
  }

  #armBalanceTimer(): void {
    const { settings, world } = this.#options;
    if (settings.leaderBalanceMs === undefined) return;
    this.#balanceTimer = world.timers.setTimer(settings.leaderBalanceMs, () => {
      const reign = this.#reign;
      if (reign === null) return;
      this.#apply(reign, decideLeaderBalance(this.#view(reign)));
      this.#armBalanceTimer();
    });
  }

  #armSessionTimer(): void {
    const { timers } = this.#options.world;
    if (this.#reign === null || this.#sessionTimer !== null) return;
    const dueMs = nextSessionEndMs(this.#view(this.#reign));
    if (!Number.isFinite(dueMs)) return;
    this.#sessionTimer = timers.setTimer(Math.max(1, Math.ceil(dueMs - this.#nowMs())), () => {
      this.#sessionTimer = null;
      this.#fenceStale();
    });
  }

  #fenceStale(): void {
    const reign = this.#reign;
    for (let hasFenced = reign !== null; hasFenced && reign !== null;) {
      const decision = decideStaleFence(this.#view(reign));
      hasFenced = decision.answer !== null && this.#apply(reign, decision);
    }
    this.#armSessionTimer();
  }
}

/** Ids that begin with a dash would read as options on a command line; Kafka avoids them too. */
function randomId(world: World): Uint8Array {
  const bytes = world.random.nextBytes(16);
  const isDash = (bytes[0] ?? 0) >> 2 === 62;
  return isDash ? randomId(world) : bytes;
}
