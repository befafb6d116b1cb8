// The end of the metadata log, record by record: the latest decisions of the cluster, as they were written.
'use client';

import { useTranslations } from 'next-intl';
import { DataTable, type Column } from '#components/ui/data-table.tsx';
import { Note } from '#components/ui/notice.tsx';
import parts from '#components/ui/page-parts.module.css';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { QuorumDetail } from '#server/cluster/quorum-detail.ts';
import type { MetadataLogRecord } from '#server/engine/trace/process-link.ts';
import styles from './controller.module.css';
import { saysOf } from './record-says.ts';

export function MetadataTail({ detail }: { readonly detail: QuorumDetail }): React.JSX.Element {
  const t = useTranslations('controller.nodes');
  const { tail, tailOf, highWatermark, topicNames } = detail;
  return (
    <Paper label={t('tail')}>
      <SectionHead title={t('tail')} note={tailOf === null ? undefined : t('tailNote', { node: tailOf })} />
      {tail === null ? (
        <Note>{t('noTail')}</Note>
      ) : (
        <TailTable records={tail.toReversed()} highWatermark={highWatermark} topicNames={topicNames} />
      )}
    </Paper>
  );
}

interface TailProps {
  readonly records: readonly MetadataLogRecord[];
  readonly highWatermark: number;
  readonly topicNames: Readonly<Record<string, string>>;
}

function TailTable({ records, highWatermark, topicNames }: TailProps): React.JSX.Element {
  const t = useTranslations('controller.nodes');
  const format = useFormat();
  const columns: readonly Column<MetadataLogRecord>[] = [
    { id: 'offset', header: t('record.offset'), align: 'right', cell: ({ offset }) => <b>{format.count(offset)}</b> },
    { id: 'epoch', header: t('record.epoch'), align: 'right', isWide: true, cell: ({ epoch }) => format.count(epoch) },
    { id: 'at', header: t('record.at'), align: 'right', isWide: true, cell: ({ atMs }) => format.moment(atMs) },
    {
      id: 'name',
      header: t('record.name'),
      cell: ({ name, offset }) => (
        <>
          <span className={parts.code}>{name}</span>
          {offset < highWatermark ? null : <small className={parts.why}>{t('notCommitted')}</small>}
        </>
      ),
    },
    {
      id: 'says',
      header: t('record.says'),
      grows: true,
      cell: ({ fields }) => (
        <span className={styles.says} title={fields}>
          {saysOf(fields, topicNames)}
        </span>
      ),
    },
  ];
  return <DataTable label={t('tail')} columns={columns} rows={records} rowKey={({ offset }) => String(offset)} maxHeight="480px" />;
}
