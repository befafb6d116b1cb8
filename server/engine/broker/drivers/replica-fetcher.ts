// Copies partitions from one leader: a fetch session over a connection of its own, one long poll after the other. What comes
// is appended as it is, offsets and epochs included; where the histories part the log is cut first. A partition that joins
// while a poll waits sends the next request at once, and the leader then answers the waiting one.
// A leader that grants no session is asked in full every time, with the same long poll. Nothing is asked again at once: behind
// an error and behind an answer that came at once and brought nothing there is a pause.
// Invariant: at most two requests under way, and an answer only counts for partitions that its request asked for.

import type { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { ConnectionPool, type Address } from '#engine/client/pool.ts';
import { defaultConnectionLimits, type Allocate } from '#engine/client/connection.ts';
import { ClientError } from '#engine/client/errors.ts';
import { thisSoftware } from '#engine/client/handshake.ts';
import { fetchApi, type FetchResponse } from '#engine/protocol/apis/01-fetch.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { RequestInput } from '#engine/protocol/schema.ts';
import { FollowerSession, type SessionRequest } from '#engine/replication/follower-session.ts';
import type { SessionPartition } from '#engine/replication/fetch-session-store.ts';
import type { Metrics } from '#engine/trace/metrics.ts';
import type { TimerHandle, World } from '#engine/world/ports.ts';
import type { BrokerConfig } from '../config.ts';
import type { BrokerLog } from '../broker-log.ts';
import { followAnswer } from './follower-append.ts';
import type { HostedPartition } from './hosted-partition.ts';
import type { ReplicationThrottles } from './replication-throttles.ts';

/** The first pause behind an error; it doubles up to replica.fetch.backoff.ms. Mostly one of the two hasn't heard of an election yet. */
const firstPauseMs = 10;
/**
 * A leader may answer a long poll at once and empty: too many fetches wait there already, or it is set not to wait. The
 * next request then leaves this long after the last one.
 */
const leastPollMs = 10;
const maxInFlight = 2;

export interface ReplicaFetcherOptions {
  readonly world: World;
  readonly config: BrokerConfig;
  readonly log: BrokerLog;
  readonly metrics: Metrics;
  /** Memory for the leader's answers, given back when their batches are in the log. */
  readonly buffers: Pick<BufferPool, 'take' | 'giveBack'>;
  readonly leaderId: number;
  /** Where the leader listens now; undefined while it isn't registered. */
  readonly address: () => Address | undefined;
  /** Of this broker's registration. */
  readonly brokerEpoch: () => number;
  readonly throttles: Pick<ReplicationThrottles, 'restMs' | 'onReceived'>;
}

interface Asked extends SessionPartition {
  readonly fetchOffset: number;
  readonly lastFetchedEpoch: number;
  readonly logStartOffset: number;
  readonly currentLeaderEpoch: number;
}

/** A partition in one leader epoch. */
interface Followed {
  readonly hosted: HostedPartition;
  readonly leaderEpoch: number;
  /** The first request that asked for it: earlier answers are about another epoch. */
  readonly sinceRequest: number;
  failures: number;
  pause: TimerHandle | null;
}

type FetchedPartition = FetchResponse['responses'][number]['partitions'][number];

export class ReplicaFetcher {
  readonly #options: ReplicaFetcherOptions;
  readonly #pool: ConnectionPool;
  readonly #followed = new Map<string, Followed>();
  readonly #session = new FollowerSession<Asked>();
  #requests = 0;
  #inFlight = 0;
  #failures = 0;
  #retry: TimerHandle | null = null;
  #isPumpPlanned = false;
  #isClosed = false;

  constructor(options: ReplicaFetcherOptions) {
    this.#options = options;
    const { world, config, leaderId, buffers } = options;
    this.#pool = new ConnectionPool(world, {
      clientId: `broker-${config.nodeId}-fetcher-${leaderId}`,
      software: thisSoftware,
      connectTimeoutMs: 2_000,
      backOff: { initialMs: firstPauseMs, maxMs: maxPauseMs(config) },
      limits: { ...defaultConnectionLimits, requestTimeoutMs: config.get('replica.socket.timeout.ms') },
      allocate: buffers.take as Allocate,
    });
  }

  get count(): number {
    return this.#followed.size;
  }

  /** Copies the partition from now on; anew when its leader epoch has changed. */
  follow(hosted: HostedPartition, leaderEpoch: number): void {
    const known = this.#followed.get(keyOf(hosted));
    if (known?.hosted === hosted && known.leaderEpoch === leaderEpoch) return;
    this.#unpause(known);
    const followed: Followed = { hosted, leaderEpoch, sinceRequest: this.#requests + 1, failures: 0, pause: null };
    this.#followed.set(keyOf(hosted), followed);
    this.#want(followed);
    this.#pumpSoon();
  }

  unfollow(hosted: HostedPartition): void {
    this.#unpause(this.#followed.get(keyOf(hosted)));
    if (this.#followed.delete(keyOf(hosted))) this.#session.drop(hosted);
  }

  /**
   * The replica's log begins elsewhere now. Its leader hears of it with the next request, as in Kafka: a deletion waits there until
   * all replicas have let go, and an incremental request says nothing of a partition that looks as it did before.
   */
  restate(hosted: HostedPartition): void {
    const followed = this.#followed.get(keyOf(hosted));
    if (followed?.hosted === hosted) this.#session.restate(termsOf(followed));
  }

  close(): void {
    this.#isClosed = true;
    for (const followed of this.#followed.values()) this.#unpause(followed);
    if (this.#retry !== null) this.#options.world.timers.clearTimer(this.#retry);
    this.#pool.close();
  }

  // -- asking ----------------------------------------------------------------------------------------

  /** With flush.messages it asks behind the fsync: the leader takes the fetch offset for what this replica can't lose. */
  #want(followed: Followed): void {
    const flushed = followed.hosted.whenFlushed();
    if (flushed === null) return this.#session.want(termsOf(followed));
    this.#session.drop(followed.hosted);
    void flushed.then((failure) => {
      if (this.#isClosed || this.#followed.get(keyOf(followed.hosted)) !== followed || followed.pause !== null) return;
      if (failure !== null) return this.#pause(followed, failure.message);
      this.#want(followed);
      this.#pumpSoon();
    });
  }

  /** At the end of this turn: one change of the metadata may bring a thousand partitions. */
  #pumpSoon(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    this.#options.world.timers.soon(() => {
      this.#isPumpPlanned = false;
      this.#pump(maxInFlight);
    });
  }

  /** Sends the next request unless `limit` are under way; before the session is open there is only one. */
  #pump(limit: number): void {
    if (this.#isClosed || this.#retry !== null || this.#session.isEmpty) return;
    if (this.#inFlight >= (this.#session.isOpen ? limit : 1)) return;
    this.#inFlight += 1;
    this.#requests += 1;
    void this.#fetch(this.#requests, this.#session.next());
  }

  async #fetch(number: number, request: SessionRequest<Asked>): Promise<void> {
    const { clock } = this.#options.world;
    const sentUs = clock.monotonicUs();
    const answer = await this.#send(request);
    this.#inFlight -= 1;
    if (this.#isClosed) return;
    if (answer instanceof ClientError) this.#retryLater(answer.message);
    else if (answer.errorCode !== errorCodes.NONE) this.#onRefused(number, answer.errorCode);
    else {
      const hasNews = this.#onAnswer(number, answer);
      const leftMs = leastPollMs - (clock.monotonicUs() - sentUs) / 1_000;
      if (!hasNews && !request.isOpening && leftMs > 0) this.#pumpAfter(leftMs);
    }
    this.#pump(1);
  }

  async #send(request: SessionRequest<Asked>): Promise<FetchResponse | ClientError> {
    const address = this.#options.address();
    if (address === undefined) return new ClientError('no-route', `broker ${this.#options.leaderId} is not registered`);
    try {
      const connection = await this.#pool.connection(address);
      return await connection.send(fetchApi, this.#toBody(request));
    } catch (error) {
      if (error instanceof ClientError) return error;
      throw error;
    }
  }

  #toBody({ isOpening, sessionId, sessionEpoch, partitions, forgotten }: SessionRequest<Asked>): RequestInput<typeof fetchApi> {
    const { config, brokerEpoch } = this.#options;
    const partitionMaxBytes = config.get('replica.fetch.max.bytes');
    return {
      replicaState: { replicaId: config.nodeId, replicaEpoch: brokerEpoch() },
      // The first answer comes at once: only an open session lets a partition that joins later overtake a waiting poll.
      maxWaitMs: isOpening ? 0 : config.get('replica.fetch.wait.max.ms'),
      minBytes: config.get('replica.fetch.min.bytes'),
      maxBytes: config.get('replica.fetch.response.max.bytes'),
      isolationLevel: 0,
      sessionId,
      sessionEpoch,
      topics: byTopic(partitions, ({ partition, fetchOffset, lastFetchedEpoch, logStartOffset, currentLeaderEpoch }) => ({
        partition,
        fetchOffset,
        lastFetchedEpoch,
        logStartOffset,
        currentLeaderEpoch,
        partitionMaxBytes,
      })),
      forgottenTopicsData: byTopic(forgotten, ({ partition }) => partition),
    };
  }

  // -- answers ---------------------------------------------------------------------------------------

  /** What a later request has overtaken is answered with an error on purpose; otherwise the leader has lost the session, or refuses. */
  #onRefused(number: number, errorCode: number): void {
    if (number === this.#requests) this.#retryLater(errorName(errorCode));
  }

  /** Nobody was reached, or the answer as a whole is an error: once more in full, after a pause that doubles. */
  #retryLater(reason: string): void {
    const { log, leaderId, config } = this.#options;
    if (this.#failures === 0) log.debug('replica-fetch-failed', { leaderId, reason });
    this.#session.reset();
    this.#failures += 1;
    this.#pumpAfter(pauseMs(this.#failures, config));
  }

  #pumpAfter(delayMs: number): void {
    this.#retry ??= this.#options.world.timers.setTimer(delayMs, () => {
      this.#retry = null;
      this.#pump(1);
    });
  }

  /** Answers whether there was anything in it that this broker didn't have. */
  #onAnswer(number: number, answer: FetchResponse): boolean {
    let hasNews = false;
    this.#failures = 0;
    this.#session.answered(answer.sessionId);
    for (const { topicId, partitions } of answer.responses)
      for (const partition of partitions) {
        const followed = this.#followed.get(keyOf({ topicId, partition: partition.partitionIndex }));
        if (followed === undefined || followed.sinceRequest > number || !isFollowing(followed)) continue;
        const { highWatermark } = followed.hosted.log;
        const hasMoved = this.#take(followed, partition);
        hasNews ||= hasMoved || followed.hosted.log.highWatermark !== highWatermark;
      }
    this.#giveBack(answer);
    return hasNews;
  }

  /** All batches of an answer lie in the same memory. */
  #giveBack({ responses }: FetchResponse): void {
    for (const { partitions } of responses)
      for (const { records } of partitions) if (records !== null) this.#options.buffers.giveBack(records);
  }

  /** Answers whether the log has moved. */
  #take(followed: Followed, answer: FetchedPartition): boolean {
    const { world, metrics, throttles } = this.#options;
    const { hosted } = followed;
    const step = followAnswer(hosted, answer, world.clock.nowMs());
    metrics.counters.bytesReplicatedIn += step.appendedBytes;
    if (step.fault !== null) {
      this.#pause(followed, step.fault);
      return false;
    }
    followed.failures = 0;
    if (step.appendedBytes > 0) throttles.onReceived(hosted, step.appendedBytes);
    const restMs = throttles.restMs(hosted);
    if (restMs > 0) this.#rest(followed, restMs);
    else if (step.hasMoved) this.#want(followed);
    return step.hasMoved;
  }

  /** Out of the session for a while: the others of this leader go on. */
  #pause(followed: Followed, fault: string): void {
    const { log, config } = this.#options;
    const { topic, partition } = followed.hosted;
    followed.failures += 1;
    log.debug('replica-fetch-paused', { topic, partition, leaderEpoch: followed.leaderEpoch, fault });
    this.#rest(followed, pauseMs(followed.failures, config));
  }

  /** Asks for the partition again later; as long as it copies too fast, later still. */
  #rest(followed: Followed, delayMs: number): void {
    const { world, throttles } = this.#options;
    this.#session.drop(followed.hosted);
    this.#unpause(followed);
    followed.pause = world.timers.setTimer(delayMs, () => {
      followed.pause = null;
      const restMs = throttles.restMs(followed.hosted);
      if (restMs > 0) return this.#rest(followed, restMs);
      this.#want(followed);
      this.#pumpSoon();
    });
  }

  #unpause(followed: Followed | undefined): void {
    if (followed === undefined || followed.pause === null) return;
    this.#options.world.timers.clearTimer(followed.pause);
    followed.pause = null;
  }
}

/** What the next request says of the replica. */
function termsOf({ hosted, leaderEpoch }: Followed): Asked {
  const { topic, topicId, partition, log } = hosted;
  return {
    topic,
    topicId,
    partition,
    fetchOffset: log.logEndOffset,
    lastFetchedEpoch: log.latestEpoch,
    logStartOffset: log.logStartOffset,
    currentLeaderEpoch: leaderEpoch,
  };
}

/** The metadata may have moved on while the answer was under way. */
function isFollowing({ hosted, leaderEpoch }: Followed): boolean {
  return hosted.role.kind === 'follower' && hosted.role.leaderEpoch === leaderEpoch;
}

/** The setting may be 0, and a pause of nothing would be none. */
function maxPauseMs(config: BrokerConfig): number {
  return Math.max(firstPauseMs, config.get('replica.fetch.backoff.ms'));
}

function pauseMs(failures: number, config: BrokerConfig): number {
  return Math.min(firstPauseMs * 2 ** Math.min(failures - 1, 20), maxPauseMs(config));
}

function keyOf({ topicId, partition }: { readonly topicId: string; readonly partition: number }): string {
  return `${topicId}:${partition}`;
}

interface OfTopic<Item> {
  readonly topicId: SessionPartition['topicId'];
  readonly partitions: Item[];
}

function byTopic<Partition extends SessionPartition, Item>(
  partitions: readonly Partition[],
  toItem: (partition: Partition) => Item,
): readonly OfTopic<Item>[] {
  const topics = new Map<string, OfTopic<Item>>();
  for (const partition of partitions) {
    const topic: OfTopic<Item> = topics.get(partition.topicId) ?? { topicId: partition.topicId, partitions: [] };
    topics.set(partition.topicId, topic);
    topic.partitions.push(toItem(partition));
  }
  return [...topics.values()];
}
