// Offset ranges of a topic to replay: whole partitions unless ends are given.
'use client';

import { Checkbox, NumberInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import parts from '#components/ui/page-parts.module.css';
import { toWhole } from '#components/ui/whole-number.ts';
import { isRangeWrong, type RangeDraft } from './replay-draft.ts';
import styles from './replay.module.css';

export function RangeChooser({
  ranges,
  onRanges,
}: {
  readonly ranges: readonly RangeDraft[];
  readonly onRanges: (ranges: readonly RangeDraft[]) => void;
}): React.JSX.Element {
  const t = useTranslations('replay');
  const change = (partition: number, part: Partial<RangeDraft>): void =>
    onRanges(ranges.map((range) => (range.partition === partition ? { ...range, ...part } : range)));
  return (
    <div className={styles.chooser}>
      <p className={parts.heading}>
        {t('ranges')}
        <small>{t('rangesHint')}</small>
      </p>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('ranges')}>
        {ranges.map((range) => (
          <div key={range.partition} className={styles.range}>
            <Checkbox
              label={t('partition', { partition: range.partition })}
              checked={range.isChosen}
              onChange={(event) => change(range.partition, { isChosen: event.currentTarget.checked })}
            />
            <NumberInput
              aria-label={t('fromOf', { partition: range.partition })}
              placeholder={t('oldest')}
              min={0}
              allowDecimal={false}
              hideControls
              disabled={!range.isChosen}
              value={range.from ?? ''}
              onChange={(value) => change(range.partition, { from: toWhole(value) })}
            />
            <NumberInput
              aria-label={t('toOf', { partition: range.partition })}
              placeholder={t('endNow')}
              min={0}
              allowDecimal={false}
              hideControls
              disabled={!range.isChosen}
              value={range.to ?? ''}
              onChange={(value) => change(range.partition, { to: toWhole(value) })}
              error={range.isChosen && isRangeWrong(range) ? t('rangeWrong') : null}
            />
          </div>
        ))}
      </div>
    </div>
  );
}
