// The lab: break the cluster on purpose, see what holds, and undo it. Only the cluster that this program started has one.
'use client';

import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsInteger, useQueryStates } from 'nuqs';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { useNow } from '#components/shell/use-now.ts';
import { EmptyNotice } from '#components/ui/notice.tsx';
import type { State } from '#components/ui/state-shape.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { AddBrokerDialog, RestartDialog } from './broker-dialogs.tsx';
import { Cabinets } from './cabinets.tsx';
import { FaultDrawer } from './fault-drawer.tsx';
import { FaultList } from './fault-list.tsx';
import styles from './lab.module.css';
import { LabNews } from './lab-news.tsx';
import { nextToEnd, secondsLeft } from './lab-view.ts';
import { LinkGrid } from './link-grid.tsx';
import { useFaultDraft, type FaultDraft } from './use-fault-draft.ts';
import { useFaultWords } from './use-fault-words.ts';
import { labEveryMs, useLab, useTargets, useUndo, type Lab } from './use-lab.ts';

export function LabPage(): React.JSX.Element {
  const lab = useLab();
  const draft = useFaultDraft();
  const sentence = useSentence(lab);
  if (lab.refusal !== null) return <NoLab lab={lab} {...sentence} />;
  return (
    <PageFrame {...sentence} atMs={lab.atMs} everyMs={labEveryMs} drawer={<Form draft={draft} />}>
      <LabNews active={lab.active} />
      <Room lab={lab} draft={draft} />
    </PageFrame>
  );
}

interface Told {
  readonly state: State | null;
  readonly sentence: string;
  readonly reasons: string | null;
}

function useSentence({ active, refusal, problem }: Lab): Told {
  const t = useTranslations('lab');
  const now = useNow();
  const { span } = useFaultWords();
  if (refusal !== null) return { state: null, sentence: t('none'), reasons: t(`why.${refusal}`) };
  if (active === null) return { state: 'unknown', sentence: t(problem === null ? 'asking' : 'silent'), reasons: null };
  const next = nextToEnd(active);
  if (next === null) return { state: 'good', sentence: t('sentence', { count: 0 }), reasons: t('reason') };
  const left = span(secondsLeft(next.endsAtMs, now ?? next.startedAtMs));
  return { state: 'watch', sentence: t('sentence', { count: active.length }), reasons: t('next', { count: active.length, left }) };
}

function NoLab({ lab, ...told }: Told & { readonly lab: Lab }): React.JSX.Element {
  const t = useTranslations('lab');
  return (
    <PageFrame {...told} atMs={lab.atMs} everyMs={null} badge={<></>}>
      <Paper>
        <EmptyNotice title={t('noneTitle')}>{t('noneText')}</EmptyNotice>
      </Paper>
    </PageFrame>
  );
}

function Room({ lab, draft }: { readonly lab: Lab; readonly draft: FaultDraft }): React.JSX.Element {
  const brokers = useTargets();
  const undo = useUndo();
  const active = lab.active ?? [];
  const [asked, setAsked] = useQueryStates({ restart: parseAsInteger, add: parseAsBoolean.withDefault(false) }, { history: 'replace' });
  return (
    <>
      <Cabinets
        brokers={brokers}
        active={active}
        onOpen={(kind, broker) => draft.open(kind, { broker })}
        onRestart={(restart) => void setAsked({ restart })}
        onAdd={() => void setAsked({ add: true })}
        undo={undo}
      />
      <div className={styles.two}>
        <FaultList lab={lab} undo={undo} />
        <LinkGrid
          brokers={brokers ?? []}
          active={active}
          onOpen={(from, to) => draft.open('cut', { from: String(from), to: String(to) })}
        />
      </div>
      {asked.restart === null ? null : <RestartDialog brokerId={asked.restart} onClose={() => void setAsked({ restart: null })} />}
      {asked.add ? <AddBrokerDialog onClose={() => void setAsked({ add: null })} /> : null}
    </>
  );
}

function Form({ draft }: { readonly draft: FaultDraft }): React.JSX.Element | null {
  const brokers = useTargets();
  if (draft.text === null) return null;
  return (
    <FaultDrawer
      text={draft.text}
      brokerIds={(brokers ?? []).map(({ brokerId }) => brokerId)}
      onChange={draft.change}
      onClose={draft.close}
    />
  );
}
