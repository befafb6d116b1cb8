// One record, byte for byte: where it lies, when, its key, value, headers in their order, and its batch.
'use client';

import { useTranslations } from 'next-intl';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts } from '#components/ui/facts.tsx';
import { formatInstantText, utc } from '#components/ui/format.ts';
import { ErrorNotice, Skeleton, type Problem } from '#components/ui/notice.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { RecordView } from '#server/cluster/port.ts';
import { FieldView } from './field-view.tsx';
import { HeaderList } from './header-list.tsx';
import styles from './messages.module.css';

export function RecordDrawer({
  record,
  zone = utc,
  problem,
  onClose,
}: {
  readonly record: RecordView | null;
  readonly zone?: string;
  readonly problem: Problem | null;
  readonly onClose: () => void;
}): React.JSX.Element {
  const t = useTranslations('messages.record');
  const format = useFormat();
  if (record === null) {
    return (
      <Drawer label={t('label')} title={t('label')} onClose={onClose}>
        <DrawerSection title={t('value')}>
          {problem === null ? <Skeleton width="80%" /> : <ErrorNotice title={t('failed')} problem={problem} />}
        </DrawerSection>
      </Drawer>
    );
  }
  const when = record.timestampMs === -1n ? t('noTime') : formatInstantText(record.timestampMs, zone);
  return (
    <Drawer
      label={t('label')}
      title={t('title', { name: `${record.topic}-${record.partition}`, offset: format.count(record.offset) })}
      sub={
        <>
          {when}{' '}
          <small>
            ({t(`timestamp.${record.timestampType}`)}, {record.timestampMs.toString()})
          </small>
        </>
      }
      onClose={onClose}
    >
      <FieldView title={t('key')} field={record.key} place="key" />
      <FieldView title={t('value')} field={record.value} place="value" />
      <DrawerSection title={t('headers')} note={record.headers.length}>
        {record.headers.length === 0 ? <p>{t('noHeaders')}</p> : <HeaderList headers={record.headers} />}
      </DrawerSection>
      <Batch record={record} />
    </Drawer>
  );
}

const maxDrawn = 60;

function Batch({ record }: { readonly record: RecordView }): React.JSX.Element {
  const t = useTranslations('messages.batch');
  const format = useFormat();
  const { batch } = record;
  const place = record.offset - batch.baseOffset;
  const drawn = batch.lastOffset - batch.baseOffset + 1;
  return (
    <DrawerSection title={t('title')} note={t('note', { place: place + 1, count: batch.recordCount })}>
      {drawn > maxDrawn ? null : (
        <div className={styles.batch} aria-hidden="true">
          {Array.from({ length: drawn }, (_, index) => (
            <i key={index} data-on={index === place ? '' : undefined} />
          ))}
        </div>
      )}
      <Facts
        facts={[
          {
            name: t('offsets'),
            value: t('offsetsRange', { from: format.count(batch.baseOffset), to: format.count(batch.lastOffset) }),
            note: t('epoch', { epoch: batch.leaderEpoch }),
          },
          { name: t('codec'), value: batch.codec, note: t('size', { size: format.bytes(batch.sizeBytes) }) },
          batch.producerId === -1n
            ? { name: t('producer'), value: t('noProducer') }
            : {
                name: t('producer'),
                value: t('producerId', { id: batch.producerId.toString(), epoch: batch.producerEpoch }),
                note: t('sequence', { sequence: batch.baseSequence }),
              },
          { name: t('transaction'), value: t(batch.isTransactional ? 'yes' : 'no') },
          { name: t('checksum'), value: `CRC32C ${(batch.crc >>> 0).toString(16).padStart(8, '0')}` },
        ]}
      />
    </DrawerSection>
  );
}
