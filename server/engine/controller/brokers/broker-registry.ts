// A broker's life as the controller sees it: registered and fenced, unfenced once it has caught up, shutting down, fenced
// when its heartbeats stop. Invariant: a broker epoch is the offset of the registration, so a later process always has a
// larger one, and nothing an earlier process says counts any more.

import type { TopicId } from '#engine/base/brand.ts';
import { errorCodes } from '#engine/protocol/error-codes.ts';
import { answerOnly, refuse, type ControllerView, type Decision, type Refusal } from '../decision.ts';
import { isFeatureSupported } from '../features/feature-table.ts';
import { isActive, type BrokerImage } from '../image/cluster-image.ts';
import { leavePartitions, returnToPartitions, type Ending } from '../partitions/broker-moves.ts';
import type { BrokerRegistrationChangeRecord, EndpointRecord, FeatureRange, MetadataRecord } from '../records.ts';

export interface RegistrationRequest {
  readonly brokerId: number;
  readonly clusterId: string;
  readonly incarnationId: TopicId;
  readonly listeners: readonly EndpointRecord[];
  readonly features: readonly FeatureRange[];
  readonly rack: string | null;
  readonly logDirs: readonly TopicId[];
  /** The epoch that the last clean end of a process on this disk left behind; -1: there was none. */
  readonly previousBrokerEpoch: number;
}
export type RegistrationAnswer = { readonly errorCode: 0; readonly brokerEpoch: number } | Refusal;

export function decideRegistration(view: ControllerView, request: RegistrationRequest): Decision<RegistrationAnswer> {
  const refusal = refuseRegistration(view, request);
  if (refusal !== null) return answerOnly(refusal);
  const known = view.image.brokers.get(request.brokerId);
  if (known?.incarnationId === request.incarnationId) return answerAgain(view, known);
  const leaving = known === undefined ? [] : leavePartitions(view, request.brokerId, endingOf(known, request));
  const brokerEpoch = view.nextOffset + leaving.length;
  const records: MetadataRecord[] = [
    ...leaving,
    {
      type: 'RegisterBroker',
      brokerId: request.brokerId,
      incarnationId: request.incarnationId,
      brokerEpoch,
      endPoints: request.listeners,
      features: request.features,
      rack: request.rack,
      fenced: true,
      inControlledShutdown: false,
      logDirs: request.logDirs,
      cordonedLogDirs: null,
    },
  ];
  const onAppended = (): void => view.heartbeats.touch(request.brokerId, brokerEpoch, view.nowMs);
  return { records, answer: { errorCode: 0, brokerEpoch }, onAppended };
}

/** Only a process that closed its logs can have noted its epoch: any other may have lost what it had not synced. */
function endingOf(known: BrokerImage, { logDirs, previousBrokerEpoch }: RegistrationRequest): Ending {
  if (known.logDirs.length > 0 && !known.logDirs.some((directory) => logDirs.includes(directory))) return 'lost-disk';
  return previousBrokerEpoch === known.brokerEpoch ? 'clean' : 'unclean';
}

/** The same process asks twice when an answer was lost: it keeps its epoch. */
function answerAgain(view: ControllerView, known: BrokerImage): Decision<RegistrationAnswer> {
  view.heartbeats.touch(known.brokerId, known.brokerEpoch, view.nowMs);
  return answerOnly({ errorCode: 0, brokerEpoch: known.brokerEpoch });
}

function refuseRegistration(view: ControllerView, request: RegistrationRequest): Refusal | null {
  const { image, settings } = view;
  if (request.clusterId !== settings.clusterId) {
    return refuse(errorCodes.INCONSISTENT_CLUSTER_ID, `Expected cluster ID ${settings.clusterId}, but got cluster ID ${request.clusterId}`);
  }
  const known = image.brokers.get(request.brokerId);
  if (known !== undefined && known.incarnationId !== request.incarnationId && mayBeAlive(view, known, request)) {
    return refuse(errorCodes.DUPLICATE_BROKER_REGISTRATION, `Another broker is registered with id ${request.brokerId} and still alive.`);
  }
  for (const [name, level] of image.features) {
    if (!isFeatureSupported(request.features, name, level)) {
      return refuse(
        errorCodes.UNSUPPORTED_VERSION,
        `Unable to register because the broker does not support finalized version ${level} of ${name}.`,
      );
    }
  }
  return null;
}

/**
 * Would two processes share the id? Not when the known one was never heard of in this reign, and not when the new one holds
 * the same log directories: a directory is locked by its process, so the former holder is dead. A broker that was killed
 * therefore comes back at once, where Kafka makes it wait for the end of its session.
 */
function mayBeAlive({ heartbeats, settings, nowMs }: ControllerView, known: BrokerImage, request: RegistrationRequest): boolean {
  if (known.isFenced || known.isShuttingDown) return false;
  if (known.logDirs.length > 0 && known.logDirs.every((directory) => request.logDirs.includes(directory))) return false;
  const heardMs = heartbeats.heardMs(known.brokerId);
  return heardMs !== null && nowMs - heardMs < settings.sessionTimeoutMs;
}

export interface HeartbeatRequest {
  readonly brokerId: number;
  readonly brokerEpoch: number;
  /** The last offset the broker has applied. */
  readonly currentMetadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
}
export type HeartbeatAnswer =
  | { readonly errorCode: 0; readonly isCaughtUp: boolean; readonly isFenced: boolean; readonly shouldShutDown: boolean }
  | Refusal;

export function decideHeartbeat(view: ControllerView, request: HeartbeatRequest): Decision<HeartbeatAnswer> {
  const { heartbeats } = view;
  const broker = view.image.brokers.get(request.brokerId);
  if (broker === undefined) return answerOnly(refuse(errorCodes.BROKER_ID_NOT_REGISTERED, `Broker ${request.brokerId} is not registered.`));
  if (broker.brokerEpoch !== request.brokerEpoch) return answerOnly(staleEpoch(broker, request.brokerEpoch));
  heartbeats.touch(broker.brokerId, broker.brokerEpoch, view.nowMs);
  heartbeats.noteOffset(broker.brokerId, request.currentMetadataOffset);
  const isCaughtUp = request.currentMetadataOffset >= broker.brokerEpoch;
  if (request.wantShutDown) return decideShutdown(view, broker, isCaughtUp);
  if (broker.isFenced && !request.wantFence && isCaughtUp) return decideUnfence(view, broker);
  if (!broker.isFenced && request.wantFence)
    return { ...decideFence(view, broker), answer: { errorCode: 0, isCaughtUp, isFenced: true, shouldShutDown: false } };
  return answerOnly({ errorCode: 0, isCaughtUp, isFenced: broker.isFenced, shouldShutDown: false });
}

export function staleEpoch(broker: BrokerImage, given: number): Refusal {
  return refuse(errorCodes.STALE_BROKER_EPOCH, `Expected broker epoch ${broker.brokerEpoch}, but got broker epoch ${given}`);
}

function decideUnfence(view: ControllerView, broker: BrokerImage): Decision<HeartbeatAnswer> {
  const unfence: BrokerRegistrationChangeRecord = { ...changeOf(broker), fenced: -1 };
  return {
    records: [unfence, ...returnToPartitions(view, broker.brokerId)],
    answer: { errorCode: 0, isCaughtUp: true, isFenced: false, shouldShutDown: false },
  };
}

function decideFence(view: ControllerView, broker: BrokerImage): Decision<null> {
  return { records: [...leavePartitions(view, broker.brokerId), { ...changeOf(broker), fenced: 1 }], answer: null };
}

/** First the leaderships move, then everybody learns of it, then the broker is fenced and may go. */
function decideShutdown(view: ControllerView, broker: BrokerImage, isCaughtUp: boolean): Decision<HeartbeatAnswer> {
  const goNow: HeartbeatAnswer = { errorCode: 0, isCaughtUp, isFenced: true, shouldShutDown: true };
  if (broker.isFenced) return answerOnly(goNow);
  const { heartbeats, image } = view;
  const leaving = leavePartitions(view, broker.brokerId);
  if (!broker.isShuttingDown && leaving.length > 0) {
    const records: MetadataRecord[] = [...leaving, { ...changeOf(broker), inControlledShutdown: 1 }];
    const onAppended = (): void => heartbeats.startShutdown(broker.brokerId, view.nextOffset + records.length - 1);
    return { records, onAppended, answer: { errorCode: 0, isCaughtUp, isFenced: false, shouldShutDown: false } };
  }
  const others = [...image.brokers.values()]
    .filter((other) => other.brokerId !== broker.brokerId && isActive(other))
    .map((other) => other.brokerId);
  const hasSpread = heartbeats.lowestOffset(others) >= (heartbeats.shutdownOffset(broker.brokerId) ?? -1);
  if (!hasSpread) return answerOnly({ errorCode: 0, isCaughtUp, isFenced: false, shouldShutDown: false });
  return { ...decideFence(view, broker), answer: goNow };
}

function changeOf(broker: BrokerImage): BrokerRegistrationChangeRecord {
  return {
    type: 'BrokerRegistrationChange',
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    fenced: 0,
    inControlledShutdown: 0,
  };
}

/** Fences the broker that has been silent longest, if its session ran out. One at a time: each decision sees the last one's image. */
export function decideStaleFence(view: ControllerView): Decision<number | null> {
  const stale = [...view.image.brokers.values()].find((broker) => !broker.isFenced && sessionEndMs(view, broker) <= view.nowMs);
  if (stale === undefined) return answerOnly(null);
  return { ...decideFence(view, stale), answer: stale.brokerId };
}

/** Fences a broker whose process was seen to be gone; one that registered anew meanwhile is another process. */
export function decideGoneFence(
  view: ControllerView,
  gone: { readonly brokerId: number; readonly brokerEpoch: number },
): Decision<boolean> {
  const broker = view.image.brokers.get(gone.brokerId);
  if (broker === undefined || broker.isFenced || broker.brokerEpoch !== gone.brokerEpoch) return answerOnly(false);
  return { ...decideFence(view, broker), answer: true };
}

/** When decideStaleFence is due next; Infinity when no broker has a session. */
export function nextSessionEndMs(view: ControllerView): number {
  let earliest = Infinity;
  for (const broker of view.image.brokers.values()) if (!broker.isFenced) earliest = Math.min(earliest, sessionEndMs(view, broker));
  return earliest;
}

function sessionEndMs(view: ControllerView, broker: BrokerImage): number {
  return (view.heartbeats.lastContactMs(broker.brokerId) ?? view.nowMs) + view.settings.sessionTimeoutMs;
}

/** A new active controller grants every broker a whole session. */
export function grantSessions(view: ControllerView): void {
  for (const broker of view.image.brokers.values()) view.heartbeats.grant(broker.brokerId, broker.brokerEpoch, view.nowMs);
}

export function decideUnregister(
  view: ControllerView,
  brokerId: number,
): Decision<{ readonly errorCode: number; readonly errorMessage: string | null }> {
  const broker = view.image.brokers.get(brokerId);
  if (broker === undefined)
    return answerOnly(refuse(errorCodes.BROKER_ID_NOT_REGISTERED, `Broker ID ${brokerId} is not currently registered`));
  const records: MetadataRecord[] = [
    ...leavePartitions(view, brokerId),
    { type: 'UnregisterBroker', brokerId, brokerEpoch: broker.brokerEpoch },
  ];
  return { records, answer: { errorCode: 0, errorMessage: null }, onAppended: () => view.heartbeats.forget(brokerId) };
}
