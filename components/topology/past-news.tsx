// Says which moment is shown, once it has come to rest: dragging through an hour is not an hour of sentences.
'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useFormat } from '#components/ui/use-format.ts';
import styles from '#components/ui/sr.module.css';

const restMs = 700;

export function PastNews({ atMs, sentence }: { readonly atMs: number; readonly sentence: string }): React.JSX.Element {
  const t = useTranslations('live.past');
  const format = useFormat();
  const text = t('news', { time: format.clock(atMs), sentence });
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), restMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <p className={styles.sr} aria-live="polite">
      {spoken}
    </p>
  );
}
