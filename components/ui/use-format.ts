// Binds the pure formatters to the reader's language.
'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatMoment,
  formatPercent,
  formatRate,
  type UnitWords,
} from './format.ts';

export interface Format {
  readonly count: (value: number | bigint) => string;
  readonly bytes: (value: number) => string;
  readonly rate: (perSecond: number) => string;
  readonly percent: (ratio: number) => string;
  readonly duration: (ms: number) => string;
  readonly age: (ms: number) => string;
  readonly clock: (ms: number) => string;
  /** With the day in front when it isn't today. */
  readonly moment: (ms: number) => string;
}

export function useFormat(): Format {
  const locale = useLocale();
  const words = useUnitWords();
  return useMemo(() => {
    return {
      count: (value) => formatCount(value, locale),
      bytes: formatBytes,
      rate: (perSecond) => formatRate(perSecond, locale),
      percent: formatPercent,
      duration: (ms) => formatDuration(ms, words),
      age: (ms) => formatAge(ms, words),
      clock: formatClock,
      moment: (ms) => formatMoment(ms, Date.now()),
    };
  }, [locale, words]);
}

export function useUnitWords(): UnitWords {
  const t = useTranslations('ui.units');
  return useMemo(() => ({ ms: t('ms'), s: t('s'), min: t('min'), h: t('h'), d: t('d'), gap: ' ' }), [t]);
}
