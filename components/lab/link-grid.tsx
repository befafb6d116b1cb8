// The links between brokers as a grid: a row sends, a column receives. Each place is a button that opens the form for it.
'use client';

import { useTranslations } from 'next-intl';
import { Note } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import type { ActiveFault } from '#server/cluster/lab.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import styles from './lab.module.css';
import { linkState } from './lab-view.ts';

export interface LinkGridProps {
  readonly brokers: readonly BrokerSummary[];
  readonly active: readonly ActiveFault[];
  readonly onOpen: (from: number, to: number) => void;
}

export function LinkGrid({ brokers, active, onOpen }: LinkGridProps): React.JSX.Element {
  const t = useTranslations('lab.links');
  const ids = brokers.map(({ brokerId }) => brokerId);
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} note={t('note')} />
      {ids.length < 2 ? (
        <Note>{t('single')}</Note>
      ) : (
        <div className={styles.scroll}>
          <table className={styles.grid} aria-label={t('title')}>
            <thead>
              <tr>
                <th scope="col">{t('corner')}</th>
                {ids.map((to) => (
                  <th key={to} scope="col">
                    {t('to', { broker: to })}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ids.map((from) => (
                <tr key={from}>
                  <th scope="row">{t('from', { broker: from })}</th>
                  {ids.map((to) => (
                    <td key={to}>{from === to ? <span className={styles.self} /> : <Link {...{ from, to, active, onOpen }} />}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Paper>
  );
}

interface LinkProps extends Pick<LinkGridProps, 'active' | 'onOpen'> {
  readonly from: number;
  readonly to: number;
}

function Link({ from, to, active, onOpen }: LinkProps): React.JSX.Element {
  const t = useTranslations('lab.links');
  const { isCut, delayMs } = linkState(from, to, active);
  const word = isCut ? t('cut') : delayMs > 0 ? t('slow', { delay: delayMs }) : t('open');
  return (
    <button
      type="button"
      className={styles.link}
      data-state={isCut ? 'cut' : delayMs > 0 ? 'slow' : 'open'}
      aria-label={t('name', { from, to, state: word })}
      onClick={() => onOpen(from, to)}
    >
      {word}
    </button>
  );
}
