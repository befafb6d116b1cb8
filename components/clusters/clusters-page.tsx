// The clusters this console knows: its own, and any other by its bootstrap address.
'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { KnownCluster } from '#components/shell/use-clusters.ts';
import { ErrorNotice } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { AttachForm } from './attach-form.tsx';
import { ClusterTable, ClusterTableLoading } from './cluster-table.tsx';
import styles from './clusters.module.css';
import { DetachDialog, RenameDialog } from './edit-dialogs.tsx';
import { useClusterList } from './use-cluster-actions.ts';

export function ClustersPage(): React.JSX.Element {
  const t = useTranslations('clusters');
  const { clusters, problem, retry } = useClusterList();
  const [renaming, setRenaming] = useState<KnownCluster | null>(null);
  const [detaching, setDetaching] = useState<KnownCluster | null>(null);
  return (
    <>
      <header className={styles.head}>
        <h1>{clusters === null ? t('askingList') : t('sentence', { count: clusters.length })}</h1>
        <p>{t('reasons')}</p>
      </header>
      <div className={styles.page}>
        <Paper label={t('list')}>
          {problem !== null && clusters === null ? <ErrorNotice title={t('unread')} problem={problem} onRetry={retry} /> : null}
          {clusters === null && problem === null ? <ClusterTableLoading /> : null}
          {clusters === null ? null : <ClusterTable clusters={clusters} onRename={setRenaming} onDetach={setDetaching} />}
        </Paper>
        <Paper label={t('attach')}>
          <SectionHead title={t('attach')} />
          <AttachForm />
        </Paper>
      </div>
      {renaming === null ? null : <RenameDialog cluster={renaming} onClose={() => setRenaming(null)} />}
      {detaching === null ? null : <DetachDialog cluster={detaching} onClose={() => setDetaching(null)} />}
    </>
  );
}
