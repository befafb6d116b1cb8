// Two deeds that are no faults, because nothing undoes them: a broker restarted in order, and one broker more.
'use client';

import { useTranslations } from 'next-intl';
import { Confirm } from '#components/ui/dialog.tsx';
import { useAddBroker, useRestart } from './use-lab.ts';

export function RestartDialog({ brokerId, onClose }: { readonly brokerId: number; readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('lab.restart');
  const deed = useRestart(onClose);
  return (
    <Confirm
      title={t('title', { broker: brokerId })}
      isOpen
      onClose={onClose}
      deed={t('deed', { broker: brokerId })}
      keep={t('keep')}
      onConfirm={() => deed.run(brokerId)}
      isBusy={deed.isBusy}
      problem={deed.problem}
      failed={t('failed', { broker: brokerId })}
    >
      <p>{t('text')}</p>
    </Confirm>
  );
}

export function AddBrokerDialog({ onClose }: { readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('lab.add');
  const deed = useAddBroker(onClose);
  return (
    <Confirm
      title={t('title')}
      isOpen
      onClose={onClose}
      deed={t('deed')}
      keep={t('keep')}
      onConfirm={() => deed.run()}
      isBusy={deed.isBusy}
      problem={deed.problem}
      failed={t('failed')}
    >
      <p>{t('text')}</p>
    </Confirm>
  );
}
