// What would be sent, by partition, counted by reading.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import type { ReplayPreview } from '#server/messages/replay-model.ts';
import styles from './replay.module.css';

export function PreviewTable({ preview }: { readonly preview: ReplayPreview }): React.JSX.Element {
  const t = useTranslations('replay');
  const format = useFormat();
  return (
    <>
      <p className={styles.sum}>
        {format.count(preview.recordCount)}
        <small>{t('sum', { count: preview.recordCount, size: format.bytes(preview.sizeBytes) })}</small>
      </p>
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
            {preview.partitions.map((one) => (
              <tr key={one.partition}>
                <td>{one.partition}</td>
                <td className={styles.wide}>{format.count(one.fromOffset)}</td>
                <td className={styles.wide}>{format.count(one.toOffset)}</td>
                <td>{format.count(one.recordCount)}</td>
                <td>{format.count(one.skippedOffsets)}</td>
                <td>{format.bytes(one.sizeBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
