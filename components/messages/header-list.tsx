// The headers of a record in their order, duplicates kept, each value as it is: no line end folded, no byte left out.
'use client';

import { useTranslations } from 'next-intl';
import { Fragment } from 'react';
import { ForeignText, useForeignWords } from '#components/ui/foreign-text.tsx';
import type { ByteField, RecordView } from '#server/cluster/port.ts';
import { CopyField } from './copy-field.tsx';
import { hexPreview, readField } from './field-text.ts';
import styles from './messages.module.css';

export function HeaderList({ headers }: { readonly headers: RecordView['headers'] }): React.JSX.Element {
  const t = useTranslations('messages.field');
  return (
    <dl className={styles.headers}>
      {headers.map((header, index) => (
        <Fragment key={index}>
          <dt>{header.key === '' ? <span className={styles.quiet}>{t('empty')}</span> : <ForeignText text={header.key} />}</dt>
          <dd>
            <HeaderValue name={header.key} field={header.value} />
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** More bytes than this are better looked at elsewhere; the copy has them all. */
const maxHexBytes = 512;

function HeaderValue({ name, field }: { readonly name: string; readonly field: ByteField | null }): React.JSX.Element {
  const t = useTranslations('messages.field');
  const words = useForeignWords();
  const read = readField(field);
  if (read.kind === 'null' || read.kind === 'empty') return <span className={styles.quiet}>{t(read.kind)}</span>;
  return (
    <>
      <span className={styles.headerText}>
        {read.kind === 'text' ? <ForeignText text={read.text} hasLines /> : hexPreview(read.bytes, maxHexBytes)}
      </span>
      <CopyField title={t('header', { name: words(name) })} field={field} read={read} />
    </>
  );
}
