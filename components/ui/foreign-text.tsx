// The one way in which text from outside (names, keys, values, settings, messages of other programs) comes onto the screen:
// isolated, so that it can't turn the direction of what stands around it, and with a mark where it holds a character that
// nobody would see. The character itself stays in the page: what is copied is what was there.
'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { foreignWords, partsOf } from './foreign-text.ts';
import styles from './foreign-text.module.css';

export interface ForeignTextProps {
  readonly text: string;
  /** Line ends and tabs are laid out, not marked. */
  readonly hasLines?: boolean;
}

export function ForeignText({ text, hasLines = false }: ForeignTextProps): React.JSX.Element {
  const t = useTranslations('ui');
  if (text === '') return <span className={styles.empty}>{t('emptyName')}</span>;
  const parts = partsOf(text, hasLines);
  if (parts.every((part) => part.mark === null)) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {parts.map((part, index) =>
        part.mark === null ? (
          <bdi key={index}>{part.text}</bdi>
        ) : (
          <bdi key={index} className={styles.mark} data-code={part.mark} title={t('hiddenCharacter', { code: part.mark })}>
            <span>{part.text}</span>
          </bdi>
        ),
      )}
    </bdi>
  );
}

/** For sentences, labels and titles, which take a string alone. */
export function useForeignWords(): (text: string) => string {
  const t = useTranslations('ui');
  return useCallback((text) => (text === '' ? `(${t('emptyName')})` : foreignWords(text)), [t]);
}
