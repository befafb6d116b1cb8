// What is wrong with a broker's disks and logs, and what to do about it; nothing where nothing is known to be.
'use client';

import { useTranslations } from 'next-intl';
import { Caution } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import type { BrokerSummary } from '#server/cluster/port.ts';

const shownLogs = 12;

export function StorageNotice({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element | null {
  const t = useTranslations('brokers.storage');
  const { storage } = broker;
  if (storage === undefined) return null;
  const { fullDirectories, failedDirectories, damagedLogs, uncleanableLogs } = storage;
  const logs = (names: readonly string[]) => ({
    count: names.length,
    names: `${names.slice(0, shownLogs).join(', ')}${names.length > shownLogs ? ', …' : ''}`,
  });
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} />
      {fullDirectories.map((directory) => (
        <Caution key={directory}>{t('full', { directory })}</Caution>
      ))}
      {failedDirectories.map((failed) => (
        <Caution key={failed.directory}>{t('failed', { ...failed })}</Caution>
      ))}
      {damagedLogs.length === 0 ? null : <Caution>{t('damaged', logs(damagedLogs))}</Caution>}
      {uncleanableLogs.length === 0 ? null : <Caution>{t('uncleanable', logs(uncleanableLogs))}</Caution>}
    </Paper>
  );
}
