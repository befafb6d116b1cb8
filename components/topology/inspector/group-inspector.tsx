// One consumer group: members, what each owns, where each partition's commit stands.
'use client';

import { useTranslations } from 'next-intl';
import { groupPath } from '#components/shell/addresses.ts';
import { ActionLink } from '#components/ui/action.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { useLagTroubles } from '#components/shell/use-health.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import { groupMood, memberFacts } from '../group-facts.ts';
import { shapeOf, stateWord, troubleWord } from '../group-cards.tsx';
import styles from './inspector.module.css';
import type { GroupDetail } from '#server/cluster/port.ts';
import type { Scene } from '../scene/scene.ts';

export function GroupInspector({
  scene,
  groupId,
  onClose,
}: {
  readonly scene: Scene;
  readonly groupId: string;
  readonly onClose: () => void;
}): React.JSX.Element {
  const t = useTranslations('live.groupFacts');
  const words = useTranslations('live.group');
  const format = useFormat();
  const trouble = useLagTroubles().get(groupId);
  const href = useClusterHref();
  const group = scene.state.groups.find((candidate) => candidate.groupId === groupId);
  const foot = <ActionLink href={href(groupPath(groupId))}>{t('open')}</ActionLink>;
  return (
    <Drawer
      title={<ForeignText text={groupId} />}
      sub={t('sub')}
      label={t('label', { name: foreignWords(groupId) })}
      onClose={onClose}
      foot={foot}
    >
      {group === undefined ? (
        <p className={styles.prose}>{t('gone')}</p>
      ) : (
        <>
          <div className={styles.state}>
            <StateShape state={shapeOf[groupMood(group, trouble !== undefined)]} size={16} />
            <b>
              {groupMood(group, trouble !== undefined) === 'behind'
                ? words(troubleWord(trouble))
                : words(`state.${stateWord(group.state)}`)}
            </b>
          </div>
          <DrawerSection title={t(scene.isRecord ? 'then' : 'now')}>
            <Facts facts={groupFacts(group, { t, words, format })} />
          </DrawerSection>
          <DrawerSection title={t('members', { count: group.members.length })}>
            <Members group={group} />
          </DrawerSection>
          <DrawerSection title={t('offsets')}>
            <Offsets group={group} />
          </DrawerSection>
        </>
      )}
    </Drawer>
  );
}

interface Voice {
  readonly t: ReturnType<typeof useTranslations<'live.groupFacts'>>;
  readonly words: ReturnType<typeof useTranslations<'live.group'>>;
  readonly format: Format;
}

function groupFacts(group: GroupDetail, { t, words, format }: Voice): readonly Fact[] {
  return [
    {
      name: t('protocol'),
      value: group.groupType === 'consumer' ? words('consumerProtocol') : words('classicProtocol'),
      ...(group.protocol === '' ? {} : { note: <ForeignText text={group.protocol} /> }),
    },
    { name: t('coordinator'), value: group.coordinatorId === null ? <Unknown /> : t('broker', { id: group.coordinatorId }) },
    { name: t('lag'), value: group.lag === null ? <Unknown /> : t('records', { count: format.count(group.lag) }) },
  ];
}

function Members({ group }: { readonly group: GroupDetail }): React.JSX.Element {
  const t = useTranslations('live.groupFacts');
  const words = useTranslations('live.group');
  if (group.members.length === 0) return <p className={styles.prose}>{t('noMembers')}</p>;
  return (
    <ul className={styles.members}>
      {memberFacts(group).map((member) => (
        <li key={member.memberId}>
          <b title={foreignWords(member.memberId)}>
            <ForeignText text={member.label} />
          </b>
          <span>{member.chips.map((chip) => chip.long).join(', ') || words('nothingOwned')}</span>
        </li>
      ))}
    </ul>
  );
}

function Offsets({ group }: { readonly group: GroupDetail }): React.JSX.Element {
  const t = useTranslations('live.groupFacts');
  const format = useFormat();
  if (group.offsets.length === 0) return <p className={styles.prose}>{t('noOffsets')}</p>;
  const show = (value: number | null): React.ReactNode => (value === null ? <Unknown /> : format.count(value));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t('partition')}</th>
          <th scope="col">{t('committed')}</th>
          <th scope="col">{t('end')}</th>
          <th scope="col">{t('lag')}</th>
        </tr>
      </thead>
      <tbody>
        {group.offsets.map((offset) => (
          <tr key={`${offset.topic}-${offset.partition}`}>
            <th scope="row">
              {offset.topic}-{offset.partition}
            </th>
            <td>{show(offset.committedOffset)}</td>
            <td>{show(offset.endOffset)}</td>
            <td>{show(offset.lag)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
