// How long a fault still holds. The figure is told; the bar runs out with it.
'use client';

import { useTranslations } from 'next-intl';
import { useNow } from '#components/shell/use-now.ts';
import { Meter } from '#components/ui/meter.tsx';
import type { ActiveFault } from '#server/cluster/lab.ts';
import styles from './lab.module.css';
import { secondsLeft } from './lab-view.ts';
import { useFaultWords } from './use-fault-words.ts';

export function TimeLeft({ one }: { readonly one: ActiveFault }): React.JSX.Element {
  const t = useTranslations('lab');
  const now = useNow();
  const { span } = useFaultWords();
  const left = secondsLeft(one.endsAtMs, now ?? one.startedAtMs);
  return (
    <span className={styles.left} role="timer" aria-label={t('endsIn', { left: span(left) })}>
      <Meter ratio={(left * 1_000) / Math.max(1, one.endsAtMs - one.startedAtMs)} short />
      {left === 0 ? t('ending') : span(left)}
    </span>
  );
}
