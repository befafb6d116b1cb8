// Renaming and detaching. Detaching only forgets: the cluster itself is not touched, and the dialog says so.
'use client';

import { TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { KnownCluster } from '#components/shell/use-clusters.ts';
import { Confirm } from '#components/ui/dialog.tsx';
import { useDetach, useRename } from './use-cluster-actions.ts';

interface EditProps {
  readonly cluster: KnownCluster;
  readonly onClose: () => void;
}

export function RenameDialog({ cluster, onClose }: EditProps): React.JSX.Element {
  const t = useTranslations('clusters');
  const [name, setName] = useState(cluster.name);
  const deed = useRename(onClose);
  return (
    <Confirm
      title={t('renameTitle', { name: cluster.name })}
      isOpen
      onClose={onClose}
      deed={t('renameDeed', { name })}
      keep={t('keepName')}
      onConfirm={() => deed.run({ id: cluster.id, name })}
      isBusy={deed.isBusy || name.trim() === ''}
      problem={deed.problem}
      failed={t('renameFailed')}
    >
      <TextInput label={t('name')} value={name} onChange={(event) => setName(event.currentTarget.value)} maxLength={80} />
    </Confirm>
  );
}

export function DetachDialog({ cluster, onClose }: EditProps): React.JSX.Element {
  const t = useTranslations('clusters');
  const deed = useDetach(onClose);
  return (
    <Confirm
      title={t('detachTitle', { name: cluster.name })}
      isOpen
      onClose={onClose}
      deed={t('detachDeed', { name: cluster.name })}
      keep={t('keepIt')}
      onConfirm={() => deed.run(cluster.id)}
      isBusy={deed.isBusy}
      problem={deed.problem}
      failed={t('detachFailed')}
    >
      <p>{t('detachText')}</p>
    </Confirm>
  );
}
