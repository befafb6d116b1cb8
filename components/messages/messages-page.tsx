// Records of one topic: where to begin is chosen above, the rows stand below, one record opens at the side.
'use client';

import { Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { contactEveryMs, useContact } from '#components/shell/use-contact.ts';
import { Action } from '#components/ui/action.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReadResult } from '#server/cluster/port.ts';
import { ProduceDialog } from './produce-dialog.tsx';
import { ReadBar } from './read-bar.tsx';
import { RecordDrawer } from './record-drawer.tsx';
import { RecordList } from './record-list.tsx';
import { parseRecordKey, zoneOf } from './read-query.ts';
import { useMessages, useMessageView, useOpenRecord } from './use-messages.ts';

export interface PickedRecords {
  readonly topic: string;
  readonly records: readonly { readonly partition: number; readonly offset: number }[];
}

export interface MessagesPageProps {
  /** Replay is a feature of its own; the page only says what was picked. */
  readonly onReplay: (picked: PickedRecords) => void;
  /** Of the features that stand beside: views and replays. */
  readonly otherActions: React.ReactNode;
}

export function MessagesPage({ onReplay, otherActions }: MessagesPageProps): React.JSX.Element {
  const t = useTranslations('messages');
  const [view, change] = useMessageView();
  const messages = useMessages(view);
  const records = messages.result?.records ?? [];
  const open = useOpenRecord(view.topic, view.open, records);
  const { topic } = view;
  const zone = zoneOf(view.tz);
  const contact = useContact();
  // Before a topic is chosen nothing was read; what can be said is that the cluster answers.
  const age = topic === null ? { atMs: contact.atMs, everyMs: contactEveryMs } : { atMs: messages.atMs, everyMs: null };
  const replay = (): void => {
    if (topic !== null) onReplay({ topic, records: view.picked.flatMap((key) => parseRecordKey(key) ?? []) });
  };
  const drawer =
    view.open === null ? undefined : (
      <RecordDrawer record={open.record} zone={zone} problem={open.problem} onClose={() => void change({ open: null })} />
    );
  return (
    <PageFrame
      state={null}
      sentence={topic ?? t('title')}
      reasons={<Reasons result={messages.result} hasTopic={topic !== null} />}
      actions={
        <>
          {otherActions}
          <Action tone="wall" onClick={() => void change({ produce: true })} disabled={topic === null}>
            <Send size={15} aria-hidden />
            {t('produce.open')}
          </Action>
        </>
      }
      {...age}
      drawer={drawer}
    >
      <Paper label={t('where')}>
        <ReadBar view={view} change={change} isReading={messages.isReading} onRead={messages.read} />
      </Paper>
      <RecordList view={view} change={change} messages={messages} onReplay={replay} />
      {topic === null ? null : (
        <ProduceDialog topic={topic} isOpen={view.produce} onClose={() => void change({ produce: null })} onProduced={messages.read} />
      )}
    </PageFrame>
  );
}

function Reasons({ result, hasTopic }: { readonly result: ReadResult | null; readonly hasTopic: boolean }): React.JSX.Element {
  const t = useTranslations('messages');
  const format = useFormat();
  if (!hasTopic) return <>{t('chooseTopic')}</>;
  if (result === null) return <>{t('reading')}</>;
  const readable = result.covered.filter((one) => one.error === null);
  const inLog = result.covered.reduce((total, one) => total + one.endOffset - one.startOffset, 0);
  return (
    <>
      {t.rich('read', {
        count: result.records.length,
        partitions: readable.length,
        unread: result.covered.length - readable.length,
        offsets: t('offsets', { count: inLog, offsets: format.count(inLog) }),
        b: (chunks) => <b>{chunks}</b>,
      })}
    </>
  );
}
