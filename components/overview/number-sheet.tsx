// The ten numbers on one sheet, split by hairlines. Each says what it is now, whether that is well, and leads to
// exactly the list it counts.
'use client';

import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Sparkline } from '#components/charts/sparkline.tsx';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { Unknown } from '#components/ui/figure.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { splitBytes } from '#components/ui/format.ts';
import { Skeleton } from '#components/ui/notice.tsx';
import { StateShape } from '#components/ui/state-shape.tsx';
import { Paper } from '#components/ui/surface.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import styles from './number-sheet.module.css';
import type { KeyNumber, NumberId } from './ten-numbers.ts';

const places: readonly NumberId[] = [
  'offline',
  'underMin',
  'underReplicated',
  'controller',
  'brokers',
  'isrChanges',
  'bytesIn',
  'produceP99',
  'worstLag',
  'disk',
];

export function NumberSheet({ numbers }: { readonly numbers: readonly KeyNumber[] | null }): React.JSX.Element {
  const t = useTranslations('overview');
  return (
    <Paper padded={false} label={t('numbers')}>
      <div className={styles.sheet}>
        {numbers === null
          ? places.map((id) => <EmptyTile key={id} id={id} />)
          : numbers.map((number) => <Tile key={number.id} number={number} />)}
      </div>
    </Paper>
  );
}

function EmptyTile({ id }: { readonly id: NumberId }): React.JSX.Element {
  const t = useTranslations('overview');
  return (
    <div className={styles.tile}>
      <p className={styles.label}>
        <b>{t(`number.${id}.name`)}</b>
      </p>
      <p className={styles.value}>
        <Skeleton width={56} />
      </p>
      <p className={styles.small} />
    </div>
  );
}

function Tile({ number }: { readonly number: KeyNumber }): React.JSX.Element {
  const t = useTranslations('overview');
  const href = useClusterHref();
  const { figure, unit } = useFigure(number);
  return (
    <Link className={styles.tile} data-state={number.state} href={href(number.href)} title={t(`number.${number.id}.means`)}>
      <p className={styles.label}>
        <b>{t(`number.${number.id}.name`)}</b>
        {number.verdict === 'plain' ? null : (
          <span className={styles.verdict}>
            {t(`verdict.${number.verdict}`)}
            <StateShape state={number.state} size={11} />
          </span>
        )}
      </p>
      <p className={styles.value}>
        {figure === null ? <Unknown size={22} /> : <b>{figure}</b>}
        <span>{figure === null ? '' : unit}</span>
      </p>
      {number.history === null ? null : (
        <span className={styles.spark}>
          <Sparkline values={number.history} tone={number.state === 'good' ? 'quiet' : 'ink'} />
        </span>
      )}
      <p className={styles.small}>
        <span>{useSmallLine(number)}</span>
        <em>{t(`number.${number.id}.target`)}</em>
      </p>
    </Link>
  );
}

function useFigure({ id, value, values }: KeyNumber): { readonly figure: string | null; readonly unit: string } {
  const t = useTranslations('overview');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  if (value === null) return { figure: null, unit: '' };
  switch (id) {
    case 'bytesIn': {
      const { figure, unit } = splitBytes(value);
      return { figure, unit: tu('perSecond', { unit }) };
    }
    case 'produceP99':
      return { figure: milliseconds(value), unit: tu('ms') };
    case 'disk':
      return { figure: format.percent(value), unit: t('number.disk.unit', { broker: values['broker'] ?? '' }) };
    case 'isrChanges':
      return { figure: format.count(value), unit: t(`number.isrChanges.${values['isWhole'] === 0 ? 'unitAtLeast' : 'unit'}`) };
    case 'controller':
      return { figure: format.count(value), unit: controllerUnit(values, t) };
    case 'worstLag':
      return { figure: format.count(value), unit: t('number.worstLag.unit', { group: foreignWords(String(values['group'] ?? '')) }) };
    default:
      return {
        figure: format.count(value),
        unit: t(`number.${id}.unit`, { all: Number(values['all'] ?? 0), fenced: Number(values['fenced'] ?? 0) }),
      };
  }
}

function controllerUnit(values: KeyNumber['values'], t: ReturnType<typeof useTranslations<'overview'>>): string {
  const { broker = -1, epoch = -1 } = values;
  if (broker === -1) return '';
  return epoch === -1 ? t('number.controller.unit', { broker }) : t('number.controller.unitEpoch', { broker, epoch });
}

export function milliseconds(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function useSmallLine({ id, value, values }: KeyNumber): string {
  const t = useTranslations('overview');
  const format = useFormat();
  if (value === null) return t(values['isIdle'] === 1 ? 'nothingWritten' : 'cannotTell');
  switch (id) {
    case 'bytesIn':
      return bytesLine(values, format, t);
    case 'controller':
      return values['voters'] === -1 ? '' : t('number.controller.small', { voters: Number(values['voters']) });
    case 'worstLag':
      return t('number.worstLag.small', { groups: Number(values['groups']) });
    case 'offline':
    case 'underMin':
    case 'underReplicated':
      return values['internal'] === 0 ? '' : t('internal', { count: Number(values['internal']) });
    default:
      return '';
  }
}

function bytesLine(values: KeyNumber['values'], format: Format, t: ReturnType<typeof useTranslations<'overview'>>): string {
  const records = t('number.bytesIn.records', { records: format.rate(Number(values['records'])) });
  return values['out'] === -1 ? records : t('number.bytesIn.both', { out: format.bytes(Number(values['out'])), records });
}
