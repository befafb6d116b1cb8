// Giving leadership back to the first choice: a press, and the cluster's word on it. Absent where nothing is to be given back.
'use client';

import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { notifications } from '@mantine/notifications';
import { Action } from '#components/ui/action.tsx';
import { useProblemWords } from '#components/ui/problem-words.ts';
import { refusalOf } from './refusal-of.ts';
import { useElect, useMoveRefusal, type Place } from './use-moves.ts';

export interface ElectFirstProps {
  /** The broker that shall lead again. */
  readonly brokerId: number;
  /** What it should lead and doesn't. */
  readonly places: readonly Place[];
}

export function ElectFirst({ brokerId, places }: ElectFirstProps): React.JSX.Element | null {
  const t = useTranslations('moves');
  const refusal = useMoveRefusal('elections');
  const elect = useElect();
  const [refused] = elect.refused;
  const wordsOf = useProblemWords();
  const failure =
    elect.problem !== null
      ? wordsOf(elect.problem).message
      : refused === undefined
        ? null
        : `${refused.topic}-${refused.partition}: ${wordsOf(refusalOf(refused)).message}`;
  useEffect(() => {
    if (failure !== null) notifications.show({ title: t('electFailed'), message: failure });
  }, [failure, t]);
  if (places.length === 0) return null;
  return (
    <Action
      tone="wall"
      onClick={() => elect.run(places)}
      disabled={elect.isBusy || refusal !== null}
      title={refusal === null ? t('electNote') : t(`why.${refusal}`)}
    >
      {t('elect', { count: places.length, broker: brokerId })}
    </Action>
  );
}
