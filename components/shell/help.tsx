// Help: what the shapes mean and which keys do what. The one legend all pages refer to.
'use client';

import { modals } from '@mantine/modals';
import { useTranslations } from 'next-intl';
import { Cell, type CellLook } from '#components/ui/cell.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { StateShape, type State } from '#components/ui/state-shape.tsx';
import styles from './help.module.css';

export function openHelp(title: string): void {
  modals.open({ title, size: 640, children: <Help /> });
}

const cells: readonly { readonly look: CellLook; readonly word: 'leader' | 'follower' | 'out' | 'leaderless' | 'gone' | 'waiting' }[] = [
  { look: 'solid', word: 'leader' },
  { look: 'hollow', word: 'follower' },
  { look: 'hatched', word: 'out' },
  { look: 'leaderless', word: 'leaderless' },
  { look: 'gone', word: 'gone' },
  { look: 'empty', word: 'waiting' },
];
const states: readonly State[] = ['good', 'watch', 'offline', 'unknown'];
const keys = [
  ['Ctrl K', 'find'],
  ['Esc', 'close'],
  ['Tab', 'walk'],
  ['Enter', 'open'],
] as const;

function Help(): React.JSX.Element {
  const t = useTranslations('shell.help');
  return (
    <div className={styles.help}>
      <h3>{t('cells')}</h3>
      <ul>
        {cells.map(({ look, word }) => (
          <li key={look}>
            <Cell look={look} text="4" />
            {t(`cell.${word}`)}
          </li>
        ))}
        <li>
          <Cell look="solid" text="4" hasCorner />
          {t('cell.notFirst')}
        </li>
      </ul>
      <h3>{t('states')}</h3>
      <ul>
        {states.map((state) => (
          <li key={state}>
            <StateShape state={state} size={13} checked />
            {t(`state.${state}`)}
          </li>
        ))}
      </ul>
      <h3>{t('looks')}</h3>
      <ul>
        <li>
          <b className={styles.figure}>0</b>
          {t('zero')}
        </li>
        <li>
          <b className={styles.stale}>34.0</b>
          {t('stale')}
        </li>
        <li>
          <Unknown size={18} />
          {t('unknown')}
        </li>
      </ul>
      <h3>{t('keys')}</h3>
      <ul>
        {keys.map(([key, word]) => (
          <li key={key}>
            <kbd>{key}</kbd>
            {t(`key.${word}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
