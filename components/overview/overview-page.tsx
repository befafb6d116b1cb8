// The operator's first screen: one sentence, ten numbers, one picture, what happened, and the rates.
'use client';

import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { useHealthWords } from '#components/shell/health-words.tsx';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { contactEveryMs, useContact } from '#components/shell/use-contact.ts';
import { useNow } from '#components/shell/use-now.ts';
import { EmptyNotice } from '#components/ui/notice.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { IncidentList } from './incident-list.tsx';
import { NumberSheet } from './number-sheet.tsx';
import styles from './overview-page.module.css';
import { PartitionHeat } from './partition-heat.tsx';
import { RateCharts } from './rate-charts.tsx';
import { keyNumbers, type KeyNumber } from './ten-numbers.ts';
import { useOverview, type Overview } from './use-overview.ts';

export function OverviewPage(): React.JSX.Element {
  const t = useTranslations('overview');
  const words = useHealthWords();
  const { overview, atMs } = useContact();
  const data = useOverview();
  const now = useNow();
  const numbers = useNumbers(data);
  return (
    <PageFrame state={words.state} sentence={words.sentence} reasons={words.reasons} atMs={atMs} everyMs={contactEveryMs}>
      <NumberSheet numbers={numbers} />
      <div className={styles.middle}>
        {overview !== null && overview.topicCount === 0 ? (
          <Paper>
            <EmptyNotice title={t('empty.title')}>{t('empty.text')}</EmptyNotice>
          </Paper>
        ) : (
          <PartitionHeat />
        )}
        <IncidentList events={data.events} problem={data.eventsProblem} onRetry={data.retryEvents} nowMs={now} />
      </div>
      <RateCharts rates={data.rates} />
    </PageFrame>
  );
}

function useNumbers({ rates, groups, isrChanges }: Overview): readonly KeyNumber[] | null {
  const { overview } = useContact();
  return useMemo(() => {
    if (overview === null) return null;
    return keyNumbers({ overview, rates: rates ?? [], groups, isrChanges });
  }, [overview, rates, groups, isrChanges]);
}
