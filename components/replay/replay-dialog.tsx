// A replay asked for: where it goes, what it would send, and what the target will make of it. It can be started at once.
'use client';

import { Autocomplete, Checkbox } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Action } from '#components/ui/action.tsx';
import { Dialog } from '#components/ui/dialog.tsx';
import { Caution, ErrorNotice } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReplaySource } from '#server/messages/replay-model.ts';
import { CountLine } from './count-line.tsx';
import { ForetoldList } from './foretold.tsx';
import { PreviewTable } from './preview-table.tsx';
import { isDraftComplete, type ReplayDraft } from './replay-draft.ts';
import styles from './replay.module.css';
import { useReplayCount, useReplayPreview, useStartReplay, useTargetTopics } from './use-replay.ts';

export interface ReplayDialogProps {
  readonly source: ReplaySource | null;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
  readonly chooser?: React.ReactNode;
}

export function ReplayDialog({ source, onClose, onStarted, chooser }: ReplayDialogProps): React.JSX.Element {
  const t = useTranslations('replay');
  return (
    <Dialog
      title={source === null ? t('title') : t('titleOf', { topic: source.topic })}
      isOpen={source !== null}
      onClose={onClose}
      size={600}
    >
      {source === null ? null : (
        <>
          {chooser}
          <Form source={source} onClose={onClose} onStarted={onStarted} />
        </>
      )}
    </Dialog>
  );
}

/** Offsets that are counted without being asked: a second's reading. */
const cheapOffsets = 10_000;

function Form({
  source,
  onClose,
  onStarted,
}: {
  readonly source: ReplaySource;
  readonly onClose: () => void;
  readonly onStarted: (id: string) => void;
}): React.JSX.Element {
  const t = useTranslations('replay');
  const tu = useTranslations('ui');
  const format = useFormat();
  const [target, setTarget] = useState({ targetTopic: '', keepPartitions: false, keepTimestamps: true });
  const draft: ReplayDraft = { source, ...target };
  const topics = useTargetTopics();
  const { preview, problem, isAsking } = useReplayPreview(draft);
  const counting = useReplayCount(source, preview !== null && preview.offsetCount <= cheapOffsets);
  const replay = useStartReplay(onStarted);
  const count = counting.job?.count ?? null;
  const most = count?.recordCount ?? preview?.offsetCount ?? null;
  const missing = count?.missing ?? preview?.missing ?? [];
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        replay.start(draft);
      }}
    >
      <Autocomplete
        label={t('target')}
        description={t('targetHint')}
        data={topics.map((topic) => topic.name)}
        value={target.targetTopic}
        onChange={(targetTopic) => setTarget({ ...target, targetTopic })}
        spellCheck={false}
        data-autofocus
      />
      <Checkbox
        label={t('keepPartitions')}
        checked={target.keepPartitions}
        onChange={(event) => setTarget({ ...target, keepPartitions: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('keepTimestamps')}
        checked={target.keepTimestamps}
        onChange={(event) => setTarget({ ...target, keepTimestamps: event.currentTarget.checked })}
      />
      <div>
        <p className={parts.heading}>
          {t('preview')}
          <small>{preview === null ? t(isAsking ? 'asking' : 'previewWaits') : t(count === null ? 'estimated' : 'counted')}</small>
        </p>
        {problem === null ? null : <ErrorNotice title={t('previewFailed')} problem={problem} />}
        {preview === null ? null : <PreviewTable preview={preview} count={count} />}
        {preview === null ? null : <CountLine counting={counting} />}
      </div>
      {preview === null ? null : <ForetoldList foretold={preview.foretold} topic={target.targetTopic} />}
      {preview?.isSameTopic === true ? <Caution>{t('sameTopic')}</Caution> : null}
      {missing.length === 0 ? null : (
        <Caution>
          {t('missing', {
            count: missing.length,
            offsets: missing
              .slice(0, 8)
              .map((one) => `${one.partition}:${one.offset}`)
              .join(', '),
          })}
        </Caution>
      )}
      {replay.problem === null ? null : <ErrorNotice title={t('startFailed')} problem={replay.problem} />}
      <div className={`${parts.acts} ${styles.foot}`}>
        <Action onClick={onClose}>{tu('cancel')}</Action>
        <Action
          tone="ink"
          type="submit"
          disabled={!isDraftComplete(draft) || preview === null || most === null || most === 0 || replay.isBusy}
        >
          {preview === null || most === null
            ? t('startBare')
            : t(count === null ? 'startUpTo' : 'start', { count: most, records: format.count(most), topic: target.targetTopic })}
        </Action>
      </div>
    </form>
  );
}
