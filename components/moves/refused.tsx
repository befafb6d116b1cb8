// What a cluster refused, partition by partition, in its own words.
'use client';

import { useTranslations } from 'next-intl';
import { ErrorNotice } from '#components/ui/notice.tsx';
import type { PartitionOutcome } from '#server/cluster/partition-moves.ts';
import { refusalOf } from './refusal-of.ts';

const shownRefusals = 5;

export function Refused({ outcomes }: { readonly outcomes: readonly PartitionOutcome[] }): React.JSX.Element | null {
  const t = useTranslations('moves');
  if (outcomes.length === 0) return null;
  const lines = outcomes.slice(0, shownRefusals).map(({ topic, partition, error }) => `${topic}-${partition}  ${error ?? ''}`);
  const more = outcomes.length - lines.length;
  return (
    <ErrorNotice
      title={t('refused', { count: outcomes.length })}
      problem={{ ...refusalOf(outcomes[0]), code: more > 0 ? [...lines, t('more', { count: more })].join('\n') : lines.join('\n') }}
    />
  );
}
