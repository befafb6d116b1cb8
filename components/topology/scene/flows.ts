// Facts of traffic become counts on edges and dots on pipes. Whoever can't be matched yet is put down as seen,
// and the scene gives it a card before the next fact is looked at.

import { cardOfClient, cardOfGroup } from './structure.ts';
import { drawAnswer, drawRange } from './dot-maker.ts';
import { groupOfRead } from './membership.ts';
import { isFlowing } from './edges.ts';
import { isOwnClient } from './own-clients.ts';
import type { DotTarget } from './dot-maker.ts';
import type { Edge, EdgeBook } from './edges.ts';
import type { Recent } from './recent.ts';
import type { Structure } from './layout.ts';
import type { TraceEvent } from '#server/engine/trace/events.ts';

export interface FlowContext {
  readonly edges: EdgeBook;
  readonly writers: Recent;
  readonly readers: Recent;
  structure(): Structure;
  /** Makes cards for newcomers. */
  makeCards(): void;
  /** A flow has begun: it gets its pipe before the frame is drawn. */
  onNewFlow(): void;
  /** null: count only (still mode, hidden tab, catching up). */
  readonly target: DotTarget | null;
  count(change: { readonly records: number }): void;
}

type Of<Kind extends TraceEvent['kind']> = Extract<TraceEvent, { kind: Kind }>;

function writerCard(context: FlowContext, clientId: string, atMs: number): string {
  context.writers.touch(clientId, atMs);
  const known = cardOfClient(context.structure(), clientId);
  if (known !== undefined) return known;
  context.makeCards();
  return cardOfClient(context.structure(), clientId) ?? `client:${clientId}`;
}

/** Whoever reads without a group gets a card once it has read for a while: until then it may be a member that no
 *  snapshot has told of yet, or a single look, such as this page's own. */
function readerCard(context: FlowContext, event: Of<'consumed'>): string {
  const { clientId } = event.client;
  const groupId = groupOfRead(context.structure().state.groups, event);
  const groupCard = groupId === null ? undefined : cardOfGroup(context.structure(), groupId);
  if (groupCard !== undefined) {
    context.readers.forget(clientId);
    return groupCard;
  }
  context.readers.touch(clientId, event.atMs);
  return `reader:${clientId}`;
}

/** Counts on the edge; a flow that begins has its pipe before its first dot sets off. */
function count(context: FlowContext, edge: Edge, flow: { readonly records: number; readonly atMs: number }): Edge {
  const isNew = !isFlowing(edge, flow.atMs);
  edge.records.add(flow.records, flow.atMs);
  if (isNew) context.onNewFlow();
  return edge;
}

function onProduced(context: FlowContext, event: Of<'produced'>): void {
  const card = writerCard(context, event.client.clientId, event.atMs);
  context.writers.count(event.client.clientId, event.recordCount, event.atMs);
  const edge = count(context, context.edges.client('produce', card, event.brokerId), {
    records: event.recordCount,
    atMs: event.atMs,
  });
  context.count({ records: event.recordCount });
  if (context.target === null) return;
  drawRange(context.target, edge, {
    kind: 'produce',
    topic: event.topic,
    partition: event.partition,
    baseOffset: event.baseOffset,
    lastOffset: event.baseOffset + event.recordCount - 1,
    atMs: event.atMs,
  });
}

function onAcked(context: FlowContext, event: Of<'acked'>): void {
  if (context.target === null) return;
  const edge = context.edges.client('produce', writerCard(context, event.client.clientId, event.atMs), event.brokerId);
  drawAnswer(context.target, edge, {
    topic: event.topic,
    partition: event.partition,
    baseOffset: event.baseOffset,
    lastOffset: event.baseOffset + event.recordCount - 1,
    atMs: event.atMs,
  });
}

function onConsumed(context: FlowContext, event: Of<'consumed'>): void {
  if (isOwnClient(event.client.clientId)) return;
  const edge = count(context, context.edges.client('consume', readerCard(context, event), event.brokerId), {
    records: event.lastOffset - event.baseOffset + 1,
    atMs: event.atMs,
  });
  if (context.target !== null) drawRange(context.target, edge, { ...event, kind: 'consume' });
}

function onReplicated(context: FlowContext, event: Of<'replicated'>): void {
  const edge = count(context, context.edges.replica(event.brokerId, event.followerId), {
    records: event.lastOffset - event.baseOffset + 1,
    atMs: event.atMs,
  });
  if (context.target !== null) drawRange(context.target, edge, { ...event, kind: 'replicate' });
}

/** Takes one fact; facts that aren't traffic are left alone. */
export function takeTraffic(context: FlowContext, event: TraceEvent): void {
  switch (event.kind) {
    case 'produced':
      return onProduced(context, event);
    case 'acked':
      return onAcked(context, event);
    case 'consumed':
      return onConsumed(context, event);
    case 'replicated':
      return onReplicated(context, event);
    default:
      return undefined;
  }
}
