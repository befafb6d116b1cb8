// One group: who reads what, how far behind each partition is, and who owns which as ribbons.
'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { SubjectNotice } from '#components/shell/subject-notice.tsx';
import { Action } from '#components/ui/action.tsx';
import { FactStrip } from '#components/ui/facts.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { ForeignText, useForeignWords } from '#components/ui/foreign-text.tsx';
import { EmptyNotice, Waiting } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { GroupDetail } from '#server/cluster/port.ts';
import { DeleteGroup } from './delete-group.tsx';
import { groupSentence, groupState, offsetExceptions, worstOffset } from './group-view.ts';
import styles from './groups.module.css';
import { LagTable } from './lag-table.tsx';
import { LagStatus, TimeLag } from './lag-words.tsx';
import { MemberTable } from './member-table.tsx';
import { OwnershipRibbons } from './ownership-ribbons.tsx';
import { groupEveryMs, useGroup } from './use-groups.ts';

export function GroupPage({ groupId }: { readonly groupId: string }): React.JSX.Element {
  const t = useTranslations('groups.one');
  const words = useForeignWords();
  const { subject, history } = useGroup(groupId);
  const { data: group, problem, atMs } = subject;
  const [isDeleting, setDeleting] = useState(false);
  const actions =
    group === null ? undefined : (
      <Action
        tone="wall"
        onClick={() => setDeleting(true)}
        disabled={group.members.length > 0}
        title={group.members.length > 0 ? t('cannotDelete') : undefined}
      >
        <Trash2 size={15} aria-hidden />
        {t('delete')}
      </Action>
    );
  return (
    <PageFrame
      state={group === null ? 'unknown' : groupState(group)}
      sentence={<Sentence groupId={groupId} group={group} />}
      reasons={<Reasons group={group} />}
      actions={actions}
      atMs={atMs}
      everyMs={groupEveryMs}
    >
      <SubjectNotice subject={subject} name={t('named', { group: words(groupId) })} failed={t('failed', { group: words(groupId) })} />
      {group === null && problem === null ? (
        <Paper>
          <Waiting>{t('waiting', { group: words(groupId) })}</Waiting>
        </Paper>
      ) : null}
      {group === null ? null : (
        <>
          <Strip group={group} />
          <Paper label={t('members')}>
            <div className={styles.section}>
              <SectionHead
                title={t('members')}
                note={t('membersNote', { protocol: group.protocol === '' ? '–' : words(group.protocol), members: group.members.length })}
              />
              {group.members.length === 0 ? (
                <EmptyNotice title={t('noMembers')}>{t('noMembersText')}</EmptyNotice>
              ) : (
                <MemberTable group={group} />
              )}
            </div>
            <div className={styles.section}>
              <SectionHead title={t('lag')} note={t('lagNote')} />
              {group.offsets.length === 0 ? (
                <EmptyNotice title={t('noOffsets')}>{t('noOffsetsText')}</EmptyNotice>
              ) : (
                <LagTable group={group} history={history} />
              )}
            </div>
          </Paper>
          {group.members.length === 0 ? null : <OwnershipRibbons group={group} />}
          <DeleteGroup group={group} isOpen={isDeleting} onClose={() => setDeleting(false)} />
        </>
      )}
    </PageFrame>
  );
}

function Sentence({ groupId, group }: { readonly groupId: string; readonly group: GroupDetail | null }): React.JSX.Element {
  const t = useTranslations('groups.one');
  const format = useFormat();
  const name = useForeignWords()(groupId);
  if (group === null) return <>{name}</>;
  const lag = group.lag ?? 0;
  return <>{t(groupSentence(group), { group: name, type: foreignWords(group.protocolType), lag, records: format.count(lag) })}</>;
}

function Reasons({ group }: { readonly group: GroupDetail | null }): React.JSX.Element | null {
  const t = useTranslations('groups.one');
  const words = useTranslations('groups.exception');
  const format = useFormat();
  if (group === null) return null;
  const worst = worstOffset(group.offsets);
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  return (
    <>
      {t.rich('reasons', { members: group.members.length, partitions: group.offsets.length, b })}
      {worst === null || (worst.lag ?? 0) === 0
        ? ''
        : ` ${t('worstAt', { partition: `${worst.topic}-${worst.partition}`, records: format.count(worst.lag ?? 0) })}`}
      {offsetExceptions(group.offsets).map(({ state, count }) => ` ${words(state, { count })}`)}
    </>
  );
}

function Strip({ group }: { readonly group: GroupDetail }): React.JSX.Element {
  const t = useTranslations('groups.one');
  const format = useFormat();
  const worst = worstOffset(group.offsets);
  return (
    <FactStrip
      facts={[
        { name: t('state'), value: group.state },
        { name: t('protocol'), value: group.groupType ?? <Unknown size={16} />, note: group.protocolType },
        { name: t('assignor'), value: group.protocol === '' ? '–' : <ForeignText text={group.protocol} /> },
        {
          name: t('coordinator'),
          value: group.coordinatorId === null ? <Unknown size={16} /> : t('broker', { broker: group.coordinatorId }),
        },
        { name: t('verdict'), value: <LagStatus judgement={group.judgement} /> },
        { name: t('timeLag'), value: <TimeLag judgement={group.judgement} /> },
        { name: t('memberCount'), value: format.count(group.members.length) },
        { name: t('lagSum'), value: group.lag === null ? <Unknown size={16} /> : format.count(group.lag), note: t('records') },
        {
          name: t('worst'),
          value: worst === null || worst.lag === null ? '–' : format.count(worst.lag),
          note: worst === null ? '' : `${worst.topic}-${worst.partition}`,
        },
      ]}
    />
  );
}
