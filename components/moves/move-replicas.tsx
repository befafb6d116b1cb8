// Moving one partition: who shall hold it and who shall lead it by choice, what that comes to, and the call that will be made.
'use client';

import { Checkbox, Radio } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState } from 'react';
import { useContact } from '#components/shell/use-contact.ts';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { CodeBlock, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { useFormat } from '#components/ui/use-format.ts';
import type { PartitionReplicas } from '#server/cluster/partition-replicas.ts';
import { previewMove, toDraft, toggle, type MovePreview } from './move-draft.ts';
import styles from './moves.module.css';
import { Refused } from './refused.tsx';
import { useMoveRefusal, useOrderMoves } from './use-moves.ts';

export function MoveReplicas({ partition }: { readonly partition: PartitionReplicas }): React.JSX.Element {
  const t = useTranslations('moves');
  const refusal = useMoveRefusal('moves');
  const [open, setOpen] = useQueryState('deed', parseAsStringLiteral(['move'] as const));
  const name = `${partition.topic}-${partition.partition}`;
  return (
    <>
      <Action
        tone="wall"
        onClick={() => void setOpen('move')}
        disabled={refusal !== null || partition.move !== null}
        title={refusal !== null ? t(`why.${refusal}`) : partition.move === null ? undefined : t('movesAlready')}
      >
        {t('open')}
      </Action>
      <Dialog title={t('title', { name })} isOpen={open === 'move' && refusal === null} onClose={() => void setOpen(null)} size={560}>
        <Form partition={partition} onClose={() => void setOpen(null)} />
      </Dialog>
    </>
  );
}

function Form({ partition, onClose }: { readonly partition: PartitionReplicas; readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('moves');
  const brokers = useContact().overview?.brokers ?? [];
  // The assignment as it was when the dialog opened: a form that follows the cluster would undo what was just chosen.
  const [from] = useState(() => partition.replicas.map(({ brokerId }) => brokerId));
  const [draft, setDraft] = useState(() => toDraft(from));
  const order = useOrderMoves(onClose);
  const size = partition.replicas.find(({ isLeader }) => isLeader)?.sizeBytes ?? null;
  const preview = previewMove(from, draft, size);
  const { topic, partition: number } = partition;
  return (
    <div className={parts.form}>
      <table className={styles.choice}>
        <thead>
          <tr>
            <th scope="col">{t('holds')}</th>
            <th scope="col">{t('first')}</th>
            <th scope="col">{t('now')}</th>
          </tr>
        </thead>
        <tbody>
          {brokers.map(({ brokerId, state }) => (
            <tr key={brokerId}>
              <td>
                <Checkbox
                  label={t('broker', { broker: brokerId })}
                  checked={draft.chosen.has(brokerId)}
                  disabled={state !== 'online' && !draft.chosen.has(brokerId)}
                  onChange={() => setDraft(toggle(draft, brokerId))}
                />
              </td>
              <td>
                <Radio
                  aria-label={t('firstOf', { broker: brokerId })}
                  checked={draft.first === brokerId}
                  disabled={!draft.chosen.has(brokerId)}
                  onChange={() => setDraft({ ...draft, first: brokerId })}
                />
              </td>
              <td className={styles.quiet}>{nowWords(brokerId, partition, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Preview from={from} preview={preview} />
      <CodeBlock>{`AlterPartitionReassignments\n  ${topic}-${number}  replicas ${preview.to.join(', ')}`}</CodeBlock>
      {order.problem === null ? null : <ErrorNotice title={t('failed')} problem={order.problem} />}
      <Refused outcomes={order.refused} />
      <div className={parts.acts}>
        <Action onClick={onClose}>{t('keep')}</Action>
        <Action
          tone="ink"
          disabled={order.isBusy || preview.verdict === 'same' || preview.verdict === 'empty'}
          onClick={() => order.run([{ topic, partition: number, replicas: preview.to }])}
        >
          {t('start', { name: `${topic}-${number}` })}
        </Action>
      </div>
    </div>
  );
}

type Words = ReturnType<typeof useTranslations<'moves'>>;

function nowWords(brokerId: number, partition: PartitionReplicas, t: Words): string {
  const replica = partition.replicas.find((one) => one.brokerId === brokerId);
  if (replica === undefined) return t('nothing');
  if (replica.isLeader) return t('leads');
  return replica.isInSync ? t('inSync') : t('outOfSync');
}

function Preview({ from, preview }: { readonly from: readonly number[]; readonly preview: MovePreview }): React.JSX.Element {
  const t = useTranslations('moves');
  const format = useFormat();
  const { to, adding, removing, bytes, verdict } = preview;
  return (
    <div className={styles.preview} role="status">
      <p className={styles.fromTo}>
        {from.join(', ')} → <b>{to.length === 0 ? '–' : to.join(', ')}</b>
      </p>
      <p>
        {verdict === 'moves'
          ? t('comesTo', {
              adding: adding.length === 0 ? t('nobody') : adding.join(', '),
              removing: removing.length === 0 ? t('nobody') : removing.join(', '),
              bytes: bytes === null ? t('bytesUnknown') : format.bytes(bytes),
            })
          : t(`verdict.${verdict}`)}
        {verdict === 'moves' && to.length !== from.length ? ` ${t('otherFactor', { from: from.length, to: to.length })}` : ''}
      </p>
    </div>
  );
}
