// Says each fault that begins or ends to those who hear the page; nobody sees it.
'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import hidden from '#components/ui/sr.module.css';
import type { ActiveFault } from '#server/cluster/lab.ts';
import { newsBetween } from './lab-view.ts';
import { useFaultWords } from './use-fault-words.ts';

export function LabNews({ active }: { readonly active: readonly ActiveFault[] | null }): React.JSX.Element {
  const t = useTranslations('lab.news');
  const { says, deed } = useFaultWords();
  const [before, setBefore] = useState(active);
  const [said, setSaid] = useState('');
  if (active !== before) {
    setBefore(active);
    const { began, ended } = before === null || active === null ? { began: [], ended: [] } : newsBetween(before, active);
    const words = [...began.map((one) => says(one.fault)), ...ended.map((one) => t('ended', { deed: deed(one.fault) }))];
    if (words.length > 0) setSaid(words.join(' '));
  }
  return (
    <p className={hidden.sr} role="status">
      {said}
    </p>
  );
}
