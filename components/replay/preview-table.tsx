// What would be sent, by partition: up to as many records as there are offsets, until they are counted by reading.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReplayCount, ReplayPreview } from '#server/messages/replay-model.ts';
import styles from './replay.module.css';

export interface PreviewTableProps {
  readonly preview: ReplayPreview;
  /** null until it is counted. */
  readonly count: ReplayCount | null;
}

export function PreviewTable({ preview, count }: PreviewTableProps): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  const counted = new Map(count?.partitions.map((one) => [one.partition, one]));
  const orUnknown = (value: number | undefined, show: (value: number) => string): string => (value === undefined ? '–' : show(value));
  return (
    <>
      <Sum preview={preview} count={count} />
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={t('preview')}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('column.partition')}</th>
              <th scope="col" className={styles.wide}>
                {t('column.from')}
              </th>
              <th scope="col" className={styles.wide}>
                {t('column.to')}
              </th>
              <th scope="col">{t('column.records')}</th>
              <th scope="col">{t('column.skipped')}</th>
              <th scope="col">{t('column.size')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.partitions.map((one) => {
              const known = counted.get(one.partition);
              return (
                <tr key={one.partition}>
                  <td>{one.partition}</td>
                  <td className={styles.wide}>{format.count(one.fromOffset)}</td>
                  <td className={styles.wide}>{format.count(one.toOffset)}</td>
                  <td>{orUnknown(known?.recordCount, format.count)}</td>
                  <td>{orUnknown(known?.skippedOffsets, format.count)}</td>
                  <td>{orUnknown(known?.sizeBytes, format.bytes)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Sum({ preview, count }: PreviewTableProps): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  if (count === null)
    return (
      <p className={styles.sum}>
        {format.count(preview.offsetCount)}
        <small>{t('sumUpTo', { count: preview.offsetCount })}</small>
      </p>
    );
  return (
    <p className={styles.sum}>
      {format.count(count.recordCount)}
      <small>{t('sum', { count: count.recordCount, size: format.bytes(count.sizeBytes) })}</small>
    </p>
  );
}
