// A key or value on one line. Null, empty and binary have looks of their own: none of them is a blank.
'use client';

import { useTranslations } from 'next-intl';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ByteField } from '#server/cluster/port.ts';
import { cutText, hexPreview, oneLine, readField } from './field-text.ts';
import styles from './messages.module.css';

export interface FieldPreviewProps {
  readonly field: ByteField | null;
  readonly place: 'key' | 'value';
  readonly most: number;
}

export function FieldPreview({ field, place, most }: FieldPreviewProps): React.JSX.Element {
  const t = useTranslations('messages.field');
  const format = useFormat();
  const read = readField(field);
  switch (read.kind) {
    case 'null':
      return <span className={styles.quiet}>{t(place === 'value' ? 'tombstone' : 'null')}</span>;
    case 'empty':
      return <span className={styles.quiet}>{t('empty')}</span>;
    case 'text': {
      const line = oneLine(read.text, most + 1);
      return (
        <span className={styles.byte} title={place === 'key' ? foreignWords(cutText(read.text, 500)) : undefined}>
          <ForeignText text={cutText(line, most)} hasLines />
          {line.length > most ? '…' : null}
        </span>
      );
    }
    case 'binary':
      return (
        <span className={styles.byte} title={t('binary', { size: format.bytes(field?.sizeBytes ?? 0) })}>
          {hexPreview(read.bytes, place === 'key' ? 8 : 24)}
        </span>
      );
  }
}
