// The health report in words: codes and values become the sentence and its line of linked reasons.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { foreignWords } from '#components/ui/foreign-text.ts';
import type { State } from '#components/ui/state-shape.tsx';
import type { ClusterOverview } from '#server/cluster/port.ts';
import { useFormat } from '#components/ui/use-format.ts';
import { useClusterHref } from './cluster-context.tsx';
import { useContact } from './use-contact.ts';
import { useHealth, type Health } from './use-health.ts';
import { useNow } from './use-now.ts';

export interface HealthWords {
  readonly state: State;
  readonly sentence: string;
  readonly reasons: React.ReactNode;
  readonly atMs: number;
}

const stateOfLevel = { healthy: 'good', lagging: 'watch', offline: 'offline' } as const;

export function useHealthWords(): HealthWords {
  const t = useTranslations('shell.health');
  const { health, atMs } = useHealth();
  const { overview } = useContact();
  if (health === null) return { state: 'unknown', sentence: t('asking'), reasons: null, atMs };
  const brokers = overview?.brokers.length ?? 0;
  // Of copies that don't exist it would be true, and empty, to say that they are in sync.
  const isBare = health.code === 'HEALTHY' && overview?.topicCount === 0;
  return {
    state: stateOfLevel[health.level],
    sentence: t(`sentence.${isBare ? 'EMPTY' : health.code}`, { ...valuesOf(health), brokers }),
    reasons: health.reasons.length === 0 ? <Calm /> : <Reasons health={health} />,
    atMs,
  };
}

/** What a code's words may ask for; a code without such a value doesn't ask. */
function valuesOf({ values }: Pick<Health, 'values'>) {
  return {
    ...values,
    count: Number(values['count'] ?? 0),
    reached: Number(values['reached'] ?? 0),
    names: foreignWords(String(values['names'] ?? '')),
    message: foreignWords(String(values['message'] ?? '')),
    onBrokers: String(values['onBrokers'] ?? ''),
  };
}

/** The sentence of a moment that has passed: what held then, without the clock of how long it has held since. */
export function usePastHealthWords(
  past: { readonly health: Health; readonly overview: ClusterOverview; readonly atMs: number } | null,
): HealthWords | null {
  const t = useTranslations('shell.health');
  if (past === null) return null;
  const { health, overview, atMs } = past;
  const isBare = health.code === 'HEALTHY' && overview.topicCount === 0;
  const sentence = t(`sentence.${isBare ? 'EMPTY' : health.code}`, { ...valuesOf(health), brokers: overview.brokers.length });
  const reasons = health.reasons.map((reason) => t(`reason.${reason.code}`, valuesOf(reason)));
  return { state: stateOfLevel[health.level], sentence, reasons: reasons.map((reason) => reason + t('stop')).join(t('gap')), atMs };
}

/** Without trouble the line tells the size of what is well. */
function Calm(): React.JSX.Element | null {
  const t = useTranslations('shell.health');
  const { overview } = useContact();
  if (overview === null) return null;
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  return (
    <>
      {controllerWords(overview, t)}
      {t.rich('size', { topics: overview.topicCount, partitions: overview.partitionCount, internal: overview.internalPartitionCount, b })}
    </>
  );
}

function controllerWords(
  { controllerId, controllerEpoch }: ClusterOverview,
  t: ReturnType<typeof useTranslations<'shell.health'>>,
): string {
  if (controllerId === null) return '';
  return controllerEpoch === null
    ? t('controller', { broker: controllerId })
    : t('controllerEpoch', { broker: controllerId, epoch: controllerEpoch });
}

function Reasons({ health }: { readonly health: Health }): React.JSX.Element {
  const t = useTranslations('shell.health');
  const href = useClusterHref();
  const format = useFormat();
  const now = useNow();
  return (
    <>
      {health.reasons.map((reason, index) => (
        <Fragment key={reason.code}>
          {index === 0 ? '' : t('gap')}
          <Link href={href(reason.href === '' ? 'brokers' : reason.href)}>{t(`reason.${reason.code}`, valuesOf(reason))}</Link>
          {index === 0 && now !== null ? (
            <>{t.rich('since', { age: format.duration(Math.max(0, now - health.sinceMs)), b: (chunks) => <b>{chunks}</b> })}</>
          ) : null}
          {t('stop')}
        </Fragment>
      ))}
    </>
  );
}
