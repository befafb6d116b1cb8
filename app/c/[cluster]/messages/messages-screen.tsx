// Messages, replay and saved views are features of their own; here is where they meet.
'use client';

import { History, Repeat2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { MessagesPage } from '#components/messages/messages-page.tsx';
import { RangeReplay } from '#components/replay/range-replay.tsx';
import { ReplayDialog } from '#components/replay/replay-dialog.tsx';
import { ReplayWindow } from '#components/replay/replay-window.tsx';
import { useReplayView } from '#components/replay/use-replay.ts';
import { SavedViews } from '#components/views/saved-views.tsx';
import { Action } from '#components/ui/action.tsx';
import type { ReplaySource } from '#server/messages/replay-model.ts';

export function MessagesScreen(): React.JSX.Element {
  const t = useTranslations('replay');
  const [topic] = useQueryState('topic', parseAsString);
  const [view, setView] = useReplayView();
  const [source, setSource] = useState<ReplaySource | null>(null);
  const started = (job: string): void => {
    setSource(null);
    void setView({ job, replays: true, range: null });
  };
  const actions = (
    <>
      <SavedViews page="messages" />
      <Action tone="wall" onClick={() => void setView({ replays: true, job: null })}>
        <History size={15} aria-hidden />
        {t('open')}
      </Action>
      <Action tone="wall" disabled={topic === null} onClick={() => void setView({ range: true })}>
        <Repeat2 size={15} aria-hidden />
        {t('openRange')}
      </Action>
    </>
  );
  return (
    <>
      <MessagesPage onReplay={(picked) => setSource({ kind: 'picked', ...picked })} otherActions={actions} />
      <ReplayDialog source={source} onClose={() => setSource(null)} onStarted={started} />
      {view.range && !view.replays && topic !== null ? (
        <RangeReplay topic={topic} onClose={() => void setView({ range: null })} onStarted={started} />
      ) : null}
      <ReplayWindow
        isOpen={view.replays}
        jobId={view.job}
        onJob={(job) => void setView({ job })}
        onClose={() => void setView({ replays: null, job: null })}
      />
    </>
  );
}
