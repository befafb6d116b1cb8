// Who owns each partition now, as ribbons: three umbers that repeat, and the member's number always written.
'use client';

import { Fragment } from 'react';
import { useTranslations } from 'next-intl';
import { useForeignWords } from '#components/ui/foreign-text.tsx';
import { Case, SectionHead } from '#components/ui/surface.tsx';
import type { GroupDetail } from '#server/cluster/port.ts';
import { memberNumber, ownershipColumns, owns } from './group-view.ts';
import styles from './groups.module.css';

const maxRibbons = 40;
const shades = [styles.own1, styles.own2, styles.own3];

export function OwnershipRibbons({ group }: { readonly group: GroupDetail }): React.JSX.Element {
  const t = useTranslations('groups.ribbons');
  const words = useForeignWords();
  const columns = ownershipColumns(group);
  return (
    <Case label={t('title')}>
      <SectionHead title={t('title')} note={t('note', { state: group.state })} />
      <div className={styles.ribbons}>
        {columns.slice(0, maxRibbons).map((column) => {
          const owner = group.members.find((member) => owns(member, column));
          const number = memberNumber(group, owner?.memberId ?? null);
          return (
            <Fragment key={`${column.topic}/${column.partition}`}>
              <span>
                {column.topic}-{column.partition}
              </span>
              <span className={`${styles.ribbon} ${number === null ? styles.nobody : (shades[(number - 1) % shades.length] ?? '')}`}>
                {number === null ? t('nobody') : t('member', { number, client: words(owner?.clientId ?? '') })}
              </span>
            </Fragment>
          );
        })}
      </div>
      {columns.length > maxRibbons ? <p>{t('more', { count: columns.length - maxRibbons })}</p> : null}
    </Case>
  );
}
