// One line of the timeline in words. Known kinds have a sentence; an unknown one is told by its raw name.
'use client';

import { useTranslations } from 'next-intl';
import { useCauseWords } from '#components/shell/use-cause-words.ts';
import { foreignWords } from '#components/ui/foreign-text.ts';
import type { TimelineEvent } from './use-overview.ts';

const told = [
  'leader-changed',
  'isr-changed',
  'controller-elected',
  'broker-started',
  'broker-registered',
  'broker-unfenced',
  'broker-back',
  'broker-stopping',
  'broker-fenced',
  'broker-lost',
  'topic-created',
  'topic-deleted',
  'topic-changed',
  'partitions-added',
  'config-changed',
  'group-state-changed',
  'demo-started',
  'demo-stopped',
  'fault-injected',
  'fault-ended',
  'broker-restarted',
  'broker-added',
  'voter-added',
  'voter-removed',
  'log-truncated',
  'log-start-moved',
  'log-recovered',
  'log-directory-failed',
  'disk-full',
  'disk-writable',
  'log-damaged',
  'log-uncleanable',
] as const;
type Told = (typeof told)[number];

export function useIncidentText(event: TimelineEvent): string {
  const t = useTranslations('overview.incidents');
  const words = useCauseWords()(event);
  const cause = words === '' ? '' : t('cause', { cause: words });
  if (!isTold(event.kind)) return `${event.kind}: ${foreignWords(event.subject)}${cause}`;
  const { detail } = event;
  return t(`told.${event.kind}`, {
    subject: foreignWords(event.subject),
    cause,
    from: text(detail['previousLeaderId']),
    to: text(detail['leaderId']),
    epoch: text(detail['epoch']),
    isr: Array.isArray(detail['isr']) ? detail['isr'].join(', ') : '',
    count: typeof detail['partitions'] === 'number' ? detail['partitions'] : 0,
    state: text(detail['state']),
    members: typeof detail['members'] === 'number' ? detail['members'] : 0,
  });
}

function isTold(kind: string): kind is Told {
  return told.some((one) => one === kind);
}

/** A leader of -1 is no leader. */
function text(value: unknown): string {
  return value === -1 || value === undefined || value === null ? '–' : String(value);
}
