// The right column: consumer groups with their state, members, what each member owns and how far behind it is.
'use client';

import { useTranslations } from 'next-intl';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import { useLagTroubles, type LagTrouble } from '#components/shell/use-health.ts';
import { useFormat } from '#components/ui/use-format.ts';
import { groupMood, lagSeconds, memberFacts, type GroupMood, type MemberFacts } from './group-facts.ts';
import styles from './cards.module.css';
import type { CardPlace, Layout } from './scene/layout.ts';
import type { GroupCard } from './scene/cards.ts';
import type { GroupDetail } from '#server/cluster/port.ts';
import type { LiveView } from './use-live-view.ts';
import type { Scene } from './scene/scene.ts';

interface CardsProps {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: LiveView;
}

/** Heights of the parts of a card: what doesn't fit is told by its number. */
const headHeight = 76;
const memberHeight = 23;

export function GroupCards({ scene, layout, view }: CardsProps): React.JSX.Element | null {
  const t = useTranslations('live.group');
  if (layout.groups.length === 0)
    return scene.state.topics.size === 0 ? null : (
      <p className={styles.columnNote} style={{ left: layout.groupsX, top: 70, width: 152 }}>
        {t('none')}
      </p>
    );
  return (
    <>
      {layout.groups.map((place) => (
        <GroupCardView key={place.key} {...{ place, scene, view, layout }} card={scene.structure.groups.get(place.key)} />
      ))}
    </>
  );
}

interface CardProps extends CardsProps {
  readonly place: CardPlace;
  readonly card: GroupCard | undefined;
}

/** A card ends before its neighbour begins, and the last one before the case does. */
function roomOf(place: CardPlace, layout: Layout): number {
  return Math.min(place.height, layout.height - place.y);
}

function GroupCardView({ place, card, scene, view, layout }: CardProps): React.JSX.Element | null {
  if (card === undefined) return null;
  const group = card.kind === 'group' ? scene.state.groups.find((candidate) => candidate.groupId === card.groupIds[0]) : undefined;
  const perSecond = scene.figures?.byCard.get(card.key) ?? null;
  return (
    <div className={styles.card} style={{ left: place.x, top: place.y - 14, width: 172 }}>
      {group === undefined ? (
        <OtherCard card={card} perSecond={perSecond} />
      ) : (
        <GroupBody {...{ group, perSecond, view }} isSmall={layout.level === 'team'} room={roomOf(place, layout)} />
      )}
    </div>
  );
}

function OtherCard({ card, perSecond }: { readonly card: GroupCard; readonly perSecond: number | null }): React.JSX.Element {
  const t = useTranslations('live.group');
  const format = useFormat();
  return (
    <>
      <span className={styles.cardName}>
        {card.kind === 'rest' ? t('rest', { count: Number(card.label) }) : <ForeignText text={card.label} />}
      </span>
      <p className={styles.cardText}>{card.kind === 'reader' ? t('reader') : null}</p>
      {perSecond === null ? null : <p className={styles.cardText}>{t('reads', { rate: format.rate(perSecond) })}</p>}
    </>
  );
}

export const shapeOf: Readonly<Record<GroupMood, State>> = {
  steady: 'good',
  moving: 'watch',
  behind: 'watch',
  empty: 'unknown',
  unknown: 'unknown',
};

interface BodyProps {
  readonly group: GroupDetail;
  readonly perSecond: number | null;
  readonly view: LiveView;
  readonly isSmall: boolean;
  readonly room: number;
}

function GroupBody({ group, perSecond, view, isSmall, room }: BodyProps): React.JSX.Element {
  const t = useTranslations('live.group');
  const trouble = useLagTroubles().get(group.groupId);
  const mood = groupMood(group, trouble !== undefined);
  const isSelected = view.selection?.kind === 'group' && view.selection.groupId === group.groupId;
  const members = memberFacts(group);
  const fitting = Math.max(1, Math.floor((room - headHeight - 24) / memberHeight));
  const shown = isSmall ? [] : members.slice(0, members.length > fitting ? fitting - 1 : fitting);
  return (
    <>
      <button
        type="button"
        className={styles.cardName}
        title={foreignWords(group.groupId)}
        aria-pressed={isSelected}
        onClick={() => view.select(isSelected ? null : { kind: 'group', groupId: group.groupId })}
      >
        <ForeignText text={group.groupId} />
      </button>
      <p className={styles.groupState}>
        <StateShape state={shapeOf[mood]} size={10} />
        <b>{mood === 'behind' ? t(troubleWord(trouble)) : t(`state.${stateWord(group.state)}`)}</b>
      </p>
      {isSmall ? (
        <p className={styles.cardText}>{t('members', { count: members.length })}</p>
      ) : (
        <p className={styles.cardText}>{protocolWords(group, t)}</p>
      )}
      {shown.map((member) => (
        <MemberRow
          key={member.memberId}
          member={member}
          most={Math.max(1, ...members.map((one) => one.lag ?? 0))}
          isBehind={mood === 'behind'}
        />
      ))}
      {shown.length < members.length && !isSmall ? (
        <p className={styles.cardText}>
          {shown.length === 0 ? t('members', { count: members.length }) : t('moreMembers', { count: members.length - shown.length })}
        </p>
      ) : null}
      <LagLine group={group} perSecond={perSecond} />
    </>
  );
}

const knownStates = ['stable', 'empty', 'dead', 'preparingrebalance', 'completingrebalance', 'assigning', 'reconciling'] as const;

export function stateWord(state: string): (typeof knownStates)[number] | 'unknown' {
  return knownStates.find((known) => known === state.toLowerCase()) ?? 'unknown';
}

export function troubleWord(trouble: LagTrouble | undefined): 'behind' | 'stopped' | 'stalled' {
  return trouble === undefined || trouble === 'falling-behind' ? 'behind' : trouble;
}

function protocolWords(group: GroupDetail, t: ReturnType<typeof useTranslations<'live.group'>>): string {
  const protocol = group.groupType === 'consumer' ? t('consumerProtocol') : t('classicProtocol');
  return group.coordinatorId === null ? protocol : t('coordinated', { protocol, broker: group.coordinatorId });
}

function MemberRow({
  member,
  most,
  isBehind,
}: {
  readonly member: MemberFacts;
  readonly most: number;
  readonly isBehind: boolean;
}): React.JSX.Element {
  const t = useTranslations('live.group');
  const format = useFormat();
  const shown = member.chips.length > 5 ? member.chips.slice(0, 4) : member.chips;
  const isWorst = isBehind && member.lag === most;
  return (
    <p
      className={styles.member}
      title={`${foreignWords(member.label)}: ${member.chips.map((chip) => chip.long).join(', ') || t('nothingOwned')}`}
    >
      {shown.map((chip) => (
        <span key={chip.long} className={styles.chip}>
          {chip.short}
        </span>
      ))}
      {shown.length < member.chips.length ? <span className={styles.chip}>+{member.chips.length - shown.length}</span> : null}
      {member.chips.length === 0 ? <span className={styles.idle}>{t('nothingOwned')}</span> : null}
      <span className={styles.lagBar} data-bad={isWorst || undefined}>
        <i
          style={{
            width: `max(3px, ${((member.lag ?? 0) / Math.max(most, 20)) * 100}%)`,
            visibility: member.lag === null ? 'hidden' : 'visible',
          }}
        />
      </span>
      <span className={styles.lagFigure}>{member.lag === null ? '–' : format.count(member.lag)}</span>
    </p>
  );
}

function LagLine({ group, perSecond }: { readonly group: GroupDetail; readonly perSecond: number | null }): React.JSX.Element {
  const t = useTranslations('live.group');
  const format = useFormat();
  const b = (chunks: React.ReactNode): React.ReactNode => <b>{chunks}</b>;
  if (group.lag === null) return <p className={styles.cardText}>{t('lagUnknown')}</p>;
  const seconds = lagSeconds(group.lag, perSecond);
  return (
    <p className={styles.lagLine}>
      {seconds === null
        ? t.rich('lag', { records: format.count(group.lag), b })
        : t.rich('lagSeconds', {
            records: format.count(group.lag),
            age: seconds < 10 ? t('seconds', { seconds: seconds.toFixed(1) }) : format.duration(seconds * 1_000),
            b,
          })}
    </p>
  );
}
