// A broker's life in the cluster, from its own side: registers with a fresh incarnation id, catches up with the metadata log,
// asks to be unfenced, beats, and on the way out hands its partitions over before it goes. Invariant: one request under way.

import { brokerHeartbeatApi } from '#engine/protocol/apis/63-broker-heartbeat.ts';
import { brokerRegistrationApi } from '#engine/protocol/apis/62-broker-registration.ts';
import { errorCodes, errorName, isRetriable } from '#engine/protocol/error-codes.ts';
import { supportedFeatures } from '#engine/controller/features/feature-table.ts';
import type { RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import type { TopicId } from '#engine/base/brand.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import { Retries, type BackOff } from '#engine/client/back-off.ts';
import type { BrokerConfig } from '../config.ts';
import type { BrokerLog } from '../broker-log.ts';
import type { MetadataView } from '../metadata-view.ts';
import type { Forwarding } from './forwarding.ts';

/**
 * While the controller hasn't said what we wait for (a place for our id, that we may serve, that we may go), or refuses us, we
 * ask again: soon at first, as it is mostly a matter of a moment.
 */
const askAgain: BackOff = { initialMs: 20, maxMs: 250 };
/** A controlled shutdown that takes longer goes on without the controller's consent. */
const maxShutdownMs = 10_000;
/**
 * Behind a lapse the metadata is two long polls behind at most. And followers' fetches that had waited in the sockets must no longer
 * pass for new ones (a partition's maxSilenceMs), or a thawed leader takes itself for followed.
 */
const catchUpUs = 3_000_000;
/** Without a controller for this long there is nobody to hand over to: an election takes less. */
const maxUnreachableMs = 1_000;

type HeartbeatAnswer = ResponseInput<typeof brokerHeartbeatApi>;

/** The controller will not have this broker: a foreign cluster, a doubled id, a missing feature. */
export class RegistrationRefusedError extends Error {
  override readonly name = 'RegistrationRefusedError';
  readonly errorCode: number;
  constructor(errorCode: number, brokerId: number) {
    super(`the controller refused to register broker ${brokerId}: ${errorName(errorCode)}`);
    this.errorCode = errorCode;
  }
}

/** Whether the same registration may be taken a little later. The last process with this id looks alive for one more session. */
function mayPass(errorCode: number): boolean {
  return isRetriable(errorCode) || errorCode === errorCodes.DUPLICATE_BROKER_REGISTRATION;
}

export interface LifecycleOptions {
  readonly world: World;
  readonly config: BrokerConfig;
  readonly log: BrokerLog;
  readonly metadata: MetadataView;
  readonly controller: Pick<Forwarding, 'ask'>;
  readonly incarnationId: TopicId;
  readonly directoryId: TopicId;
  /** Under which epoch the last process on this disk ended in order; -1 when it didn't (KIP-966). */
  readonly previousBrokerEpoch: number;
  /** The controller gave this broker's place to another: this process can't go on. */
  readonly onFatal: (error: unknown) => void;
}

export class BrokerLifecycle {
  readonly #options: LifecycleOptions;
  readonly #offsetWaiters = new Set<() => void>();
  #brokerEpoch = -1;
  /** Until then the controller can't have missed this broker. */
  #sessionEndUs = -1;
  /** A session that had lapsed: only from then on the metadata tells what was decided meanwhile. */
  #sureFromUs = 0;
  #isBeating = false;
  #isStopping = false;
  #timer: TimerHandle | null = null;
  readonly #beats: Retries;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    this.#beats = this.#newRetries();
    options.metadata.onDelta(() => {
      this.#wake();
    });
  }

  /** The epoch of this registration; -1 before it. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** False when this broker may have been fenced, and its partitions given away, without having heard of it: it stood still, or was cut off. */
  get isSureOfSession(): boolean {
    const nowUs = this.#options.world.clock.monotonicUs();
    return nowUs <= this.#sessionEndUs && nowUs >= this.#sureFromUs;
  }

  /** No heartbeat was answered for a whole session: by now the controller has missed this broker, if there is one. */
  get isSessionOver(): boolean {
    return this.#sessionEndUs >= 0 && this.#options.world.clock.monotonicUs() > this.#sessionEndUs;
  }

  /** Registers and catches up: resolves when this broker's image holds its own registration. Rejects with RegistrationRefusedError. */
  async register(): Promise<void> {
    const { log, metadata, config } = this.#options;
    this.#brokerEpoch = await this.#registerOnce();
    log.info('broker-registered', { brokerEpoch: this.#brokerEpoch });
    await this.#when(() => metadata.offset >= this.#brokerEpoch);
    log.debug('metadata-caught-up', { offset: metadata.offset, broker: config.nodeId });
  }

  async #registerOnce(): Promise<number> {
    const { config, controller, world } = this.#options;
    const deadlineUs = world.clock.monotonicUs() + config.get('initial.broker.registration.timeout.ms') * 1_000;
    const retries = this.#newRetries();
    for (;;) {
      const leftMs = Math.max(1, Math.ceil((deadlineUs - world.clock.monotonicUs()) / 1_000));
      const answer = await controller.ask(brokerRegistrationApi, this.#registration(), leftMs);
      if (answer.errorCode === 0) return answer.brokerEpoch ?? -1;
      const isTimeLeft = world.clock.monotonicUs() < deadlineUs;
      if (!isTimeLeft || !mayPass(answer.errorCode) || this.#isStopping)
        throw new RegistrationRefusedError(answer.errorCode, config.nodeId);
      await this.#sleep(retries.nextDelayMs());
    }
  }

  #registration(): RequestOf<typeof brokerRegistrationApi> {
    const { config, incarnationId, directoryId } = this.#options;
    return {
      brokerId: config.nodeId,
      clusterId: config.clusterId,
      incarnationId,
      rack: config.rack,
      isMigratingZkBroker: false,
      listeners: config.listeners.clients.map(({ name, advertised }) => ({ name, ...advertised, securityProtocol: 0 })),
      features: supportedFeatures,
      logDirs: [directoryId],
      previousBrokerEpoch: this.#brokerEpoch >= 0 ? this.#brokerEpoch : this.#options.previousBrokerEpoch,
    };
  }

  /** Asks to serve, and beats from now on. Resolves when this broker sees itself unfenced. */
  async unfence(): Promise<void> {
    const { metadata, config } = this.#options;
    this.#isBeating = true;
    void this.#beat();
    await this.#when(
      () => metadata.broker(config.nodeId)?.isFenced === false && metadata.broker(config.nodeId)?.brokerEpoch === this.#brokerEpoch,
    );
  }

  /** Hands the partitions over, unless that is switched off; resolves when the controller lets go, or after a while without it. */
  async shutdown(): Promise<void> {
    const { world, log, config } = this.#options;
    const wasBeating = this.#isBeating;
    this.close();
    if (!wasBeating || !config.get('controlled.shutdown.enable')) return;
    const deadlineUs = world.clock.monotonicUs() + maxShutdownMs * 1_000;
    const retries = this.#newRetries();
    while (world.clock.monotonicUs() < deadlineUs) {
      const answer = await this.#heartbeat(true, maxUnreachableMs);
      if (answer.shouldShutDown === true || answer.errorCode !== 0) return;
      await this.#sleep(retries.nextDelayMs());
    }
    log.warn('controlled-shutdown-timed-out', { maxShutdownMs });
  }

  /** Ends all waiting without a word to the controller. */
  close(): void {
    this.#isStopping = true;
    this.#stopBeating();
    this.#wake();
  }

  #wake(): void {
    for (const check of this.#offsetWaiters) check();
  }

  #stopBeating(): void {
    this.#isBeating = false;
    if (this.#timer !== null) this.#options.world.timers.clearTimer(this.#timer);
    this.#timer = null;
  }

  async #beat(): Promise<void> {
    const intervalMs = this.#options.config.get('broker.heartbeat.interval.ms');
    const answer = await this.#heartbeat(false, this.#options.config.get('broker.session.timeout.ms'));
    if (!this.#isBeating) return;
    if (isForgotten(answer.errorCode)) await this.#registerAgain();
    // A fenced broker asks more often: every beat may be the one that lets it serve again.
    const isSettled = answer.errorCode === 0 && answer.isFenced === false;
    if (!this.#isBeating) return;
    if (isSettled) this.#beats.reset();
    this.#timer = this.#options.world.timers.setTimer(isSettled ? intervalMs : this.#beats.nextDelayMs(), () => {
      void this.#beat();
    });
  }

  async #heartbeat(wantShutDown: boolean, timeoutMs: number): Promise<HeartbeatAnswer> {
    const { config, controller, metadata, world } = this.#options;
    const sentUs = world.clock.monotonicUs();
    const answer = await controller.ask(
      brokerHeartbeatApi,
      {
        brokerId: config.nodeId,
        brokerEpoch: this.#brokerEpoch,
        currentMetadataOffset: metadata.offset,
        wantFence: false,
        wantShutDown,
        offlineLogDirs: [],
        cordonedLogDirs: null,
      },
      Math.max(1, timeoutMs),
    );
    if (answer.errorCode === 0) this.#renewSession(sentUs);
    return answer;
  }

  /** Counted from when the heartbeat left: the controller can't have heard it earlier. */
  #renewSession(sentUs: number): void {
    const { world, config } = this.#options;
    if (sentUs > this.#sessionEndUs) this.#sureFromUs = world.clock.monotonicUs() + catchUpUs;
    this.#sessionEndUs = sentUs + config.get('broker.session.timeout.ms') * 1_000;
  }

  /** The controller has another registration for this id, or none: we were unregistered, or a new quorum forgot us. */
  async #registerAgain(): Promise<void> {
    const { log, config } = this.#options;
    log.warn('registration-lost', { brokerEpoch: this.#brokerEpoch, broker: config.nodeId });
    try {
      this.#brokerEpoch = await this.#registerOnce();
    } catch (error) {
      if (!(error instanceof RegistrationRefusedError)) throw error;
      // Nobody to register with is no refusal: the next beat finds out again.
      if (this.#isStopping || error.errorCode === errorCodes.REQUEST_TIMED_OUT) return;
      this.#stopBeating();
      this.#options.onFatal(error);
    }
  }

  #when(isTrue: () => boolean): Promise<void> {
    if (isTrue() || this.#isStopping) return Promise.resolve();
    return new Promise((resolve) => {
      const check = (): void => {
        if (!isTrue() && !this.#isStopping) return;
        this.#offsetWaiters.delete(check);
        resolve();
      };
      this.#offsetWaiters.add(check);
    });
  }

  #newRetries(): Retries {
    return new Retries(askAgain, this.#options.world.random);
  }

  #sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.world.timers.setTimer(delayMs, resolve);
    });
  }
}

function isForgotten(errorCode: number): boolean {
  return errorCode === errorCodes.STALE_BROKER_EPOCH || errorCode === errorCodes.BROKER_ID_NOT_REGISTERED;
}
