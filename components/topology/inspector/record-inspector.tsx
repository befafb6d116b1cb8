// One record, read back from the cluster by its topic, partition and offset: proof that the dot was that record.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { withQuery } from '#components/shell/addresses.ts';
import { ActionLink } from '#components/ui/action.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { formatInstantText } from '#components/ui/format.ts';
import { ErrorNotice, Waiting } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import { useClusterHref, useClusterId } from '#components/shell/cluster-context.tsx';
import { toProblem } from '#components/shell/problem.ts';
import { useTRPC } from '#components/shell/trpc.ts';
import { showBytes } from './bytes-text.ts';
import styles from './inspector.module.css';
import type { ByteField, RecordView } from '#server/cluster/port.ts';
import type { RecordId } from '../scene/particles.ts';

/** Enough of a field to recognise it; the message page shows all of it. */
const maxFieldBytes = 16_384;

export function RecordInspector({ record, onClose }: { readonly record: RecordId; readonly onClose: () => void }): React.JSX.Element {
  const t = useTranslations('live.record');
  const format = useFormat();
  const href = useClusterHref();
  const trpc = useTRPC();
  const input = {
    clusterId: useClusterId(),
    topic: record.topic,
    partitions: [record.partition],
    from: { kind: 'offset' as const, offset: record.offset },
    limit: 1,
    maxFieldBytes,
  };
  const query = useQuery(trpc.messages.read.queryOptions(input, { staleTime: Infinity }));
  const found = query.data?.records.find((candidate) => candidate.offset === record.offset);
  const foot = (
    <ActionLink href={href(withQuery('messages', { topic: record.topic, p: record.partition, from: 'offset', offset: record.offset }))}>
      {t('browse')}
    </ActionLink>
  );
  return (
    <Drawer
      title={`${record.topic}-${record.partition}`}
      sub={t('sub', { offset: format.count(record.offset) })}
      label={t('label', { offset: record.offset, partition: `${record.topic}-${record.partition}` })}
      onClose={onClose}
      foot={foot}
    >
      {query.error === null ? null : (
        <ErrorNotice title={t('failed')} problem={toProblem(query.error)} onRetry={() => void query.refetch()} />
      )}
      {query.isPending ? <Waiting>{t('reading')}</Waiting> : null}
      {query.data !== undefined && found === undefined ? <p className={styles.prose}>{t('gone')}</p> : null}
      {found === undefined ? null : <RecordBody record={found} />}
    </Drawer>
  );
}

function RecordBody({ record }: { readonly record: RecordView }): React.JSX.Element {
  const t = useTranslations('live.record');
  return (
    <>
      <p className={styles.aside}>{t('proof')}</p>
      <Field title={t('key')} field={record.key} nullWord={t('noKey')} />
      <Field title={t('value')} field={record.value} nullWord={t('tombstone')} />
      {record.headers.length === 0 ? null : (
        <DrawerSection title={t('headers', { count: record.headers.length })}>
          <Headers record={record} />
        </DrawerSection>
      )}
      <FactsOf record={record} />
    </>
  );
}

function Field({
  title,
  field,
  nullWord,
}: {
  readonly title: string;
  readonly field: ByteField | null;
  readonly nullWord: string;
}): React.JSX.Element {
  const t = useTranslations('live.record');
  const format = useFormat();
  const shown = showBytes(field);
  const note = shown.kind === 'null' ? undefined : `${format.bytes(shown.sizeBytes)}${shown.kind === 'binary' ? `, ${t('binary')}` : ''}`;
  return (
    <DrawerSection title={title} note={note}>
      {shown.kind === 'null' ? (
        <p className={styles.prose}>{nullWord}</p>
      ) : shown.kind === 'empty' ? (
        <p className={styles.prose}>{t('empty')}</p>
      ) : (
        <pre className={styles.bytes} tabIndex={0}>
          <ForeignText text={shown.text} hasLines />
        </pre>
      )}
      {shown.isCut ? <p className={styles.aside}>{t('cut')}</p> : null}
    </DrawerSection>
  );
}

function Headers({ record }: { readonly record: RecordView }): React.JSX.Element {
  const t = useTranslations('live.record');
  return (
    <table className={styles.table}>
      <tbody>
        {record.headers.map((header, index) => (
          <tr key={`${index}-${header.key}`}>
            <th scope="row">
              <ForeignText text={header.key} />
            </th>
            <td className={styles.mono}>
              {header.value === null ? t('null') : <ForeignText text={showBytes(header.value).text} hasLines />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function FactsOf({ record }: { readonly record: RecordView }): React.JSX.Element {
  const t = useTranslations('live.record');
  const format = useFormat();
  const { batch } = record;
  const facts: readonly Fact[] = [
    {
      name: t('time'),
      value: record.timestampMs === -1n ? t('noTime') : formatInstantText(record.timestampMs),
      note: t(`timeType.${record.timestampType}`),
    },
    { name: t('offset'), value: format.count(record.offset) },
    {
      name: t('batch'),
      value: `${format.count(batch.baseOffset)} – ${format.count(batch.lastOffset)}`,
      note: t('batchNote', { count: batch.recordCount, size: format.bytes(batch.sizeBytes), codec: batch.codec }),
    },
    { name: t('epoch'), value: String(batch.leaderEpoch) },
    ...(batch.producerId === -1n
      ? []
      : [
          {
            name: t('producer'),
            value: batch.producerId.toString(),
            note: t('sequence', { epoch: batch.producerEpoch, sequence: batch.baseSequence }),
          },
        ]),
  ];
  return (
    <DrawerSection title={t('facts')}>
      <Facts facts={facts} />
    </DrawerSection>
  );
}
