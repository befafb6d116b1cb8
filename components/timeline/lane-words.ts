// One event in a few words, from what the timeline stored of it. Numbers come from its detail, never from its text.
'use client';

import { useTranslations } from 'next-intl';
import { laneKind, type LaneEvent, type LaneMark } from './lane-model.ts';

export interface LaneWords {
  readonly title: string;
  readonly detail: string;
}
type Words = ReturnType<typeof useTranslations<'timeline'>>;

function number(event: LaneEvent, name: string): number | null {
  const value = event.detail[name];
  return typeof value === 'number' ? value : null;
}

function text(event: LaneEvent, name: string): string | null {
  const value = event.detail[name];
  return typeof value === 'string' ? value : null;
}

function leaderDetail(event: LaneEvent, t: Words): string {
  const [to, from] = [number(event, 'leaderId'), number(event, 'previousLeaderId')];
  if (to === null) return event.subject;
  if (to < 0) return t('detail.leaderLost', { partition: event.subject });
  return from === null || from < 0
    ? t('detail.leaderNew', { partition: event.subject, to })
    : t('detail.leader', { partition: event.subject, from, to });
}

/** The fault by the name the lab gives it: it is what one types to make it again. */
function faultDetail(event: LaneEvent): string {
  const fault = text(event, 'kind');
  return fault === null ? event.subject : `${event.subject}, ${fault}`;
}

function detailOf(event: LaneEvent, t: Words): string {
  switch (event.kind) {
    case 'leader-changed':
      return leaderDetail(event, t);
    case 'isr-changed':
      return Array.isArray(event.detail['isr'])
        ? t('detail.isr', { partition: event.subject, isr: event.detail['isr'].join(', ') })
        : event.subject;
    case 'controller-elected':
      return t('detail.controller', { broker: number(event, 'controllerId') ?? '?', epoch: number(event, 'epoch') ?? '?' });
    case 'topic-created':
    case 'partitions-added':
      return t('detail.topic', { topic: text(event, 'topic') ?? event.subject, partitions: number(event, 'partitions') ?? 0 });
    case 'group-state-changed':
      return t('detail.group', { group: event.subject, members: number(event, 'members') ?? 0 });
    case 'demo-started':
      return t('detail.demoStart', { topic: text(event, 'topic') ?? event.subject });
    case 'clients-followed':
      return t('detail.followed', { partition: event.subject, broker: number(event, 'leaderId') ?? '?' });
    case 'demo-stopped':
      return t('detail.demoStop');
    case 'fault-injected':
    case 'fault-ended':
      return faultDetail(event);
    default:
      return event.subject;
  }
}

export function eventWords(event: LaneEvent, t: Words): LaneWords {
  return { title: t(`kind.${laneKind(event)}`), detail: detailOf(event, t) };
}

/** Several events under one mark are counted, and named when they are of one kind. */
export function markWords(mark: LaneMark, t: Words): LaneWords {
  const [only] = mark.events;
  if (mark.events.length === 1 && only !== undefined) return eventWords(only, t);
  const ofKind = mark.events.filter((event) => laneKind(event) === mark.kind);
  const title = ofKind.length > 1 ? `${t(`kind.${mark.kind}`)} ×${ofKind.length}` : t(`kind.${mark.kind}`);
  const brokers = [...new Set(ofKind.map((event) => number(event, 'registeredId') ?? number(event, 'brokerId')))];
  if ((mark.kind === 'up' || mark.kind === 'down') && brokers.every((id) => id !== null))
    return {
      title: t(`kind.${mark.kind}`),
      detail:
        brokers.length === 1
          ? t('detail.broker', { broker: brokers[0] ?? '?' })
          : t('detail.brokers', { brokers: brokers.toSorted().join(', ') }),
    };
  return {
    title,
    detail:
      ofKind.length === mark.events.length && ofKind[0] !== undefined ? detailOf(ofKind[0], t) : t('more', { count: mark.events.length }),
  };
}
