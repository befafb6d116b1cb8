// The clusters this console knows: its own, and any other by its bootstrap address.
'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useClusters, type KnownCluster } from '#components/shell/use-clusters.ts';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { AttachForm } from './attach-form.tsx';
import { ClusterTable } from './cluster-table.tsx';
import styles from './clusters.module.css';
import { DetachDialog, RenameDialog } from './edit-dialogs.tsx';

export function ClustersPage(): React.JSX.Element {
  const t = useTranslations('clusters');
  const { clusters } = useClusters();
  const [renaming, setRenaming] = useState<KnownCluster | null>(null);
  const [detaching, setDetaching] = useState<KnownCluster | null>(null);
  return (
    <>
      <header className={styles.head}>
        <h1>{t('sentence', { count: clusters.length })}</h1>
        <p>{t('reasons')}</p>
      </header>
      <div className={styles.page}>
        <Paper label={t('list')}>
          <ClusterTable clusters={clusters} onRename={setRenaming} onDetach={setDetaching} />
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
