// A key or value in full: laid out as JSON where it is JSON, else as text, and always as bytes on request.
'use client';

import { SegmentedControl } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { DrawerSection } from '#components/ui/drawer.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { ByteField } from '#server/cluster/port.ts';
import { CopyField } from './copy-field.tsx';
import { hexRows, readField, type FieldText } from './field-text.ts';
import { layOutJson, lexJson, type JsonLine } from './json-lexer.ts';
import styles from './messages.module.css';

type Look = 'json' | 'text' | 'hex';

export function FieldView({
  title,
  field,
  place,
}: {
  readonly title: string;
  readonly field: ByteField | null;
  readonly place: 'key' | 'value';
}): React.JSX.Element {
  const t = useTranslations('messages.field');
  const format = useFormat();
  const read = useMemo(() => readField(field), [field]);
  const lines = useMemo(() => (read.kind === 'text' && field?.isCut === false ? toLines(read.text) : null), [read, field]);
  const [chosen, setChosen] = useState<Look | null>(null);
  const looks: readonly Look[] =
    read.kind === 'text' ? (lines === null ? ['text', 'hex'] : ['json', 'text', 'hex']) : read.kind === 'binary' ? ['hex'] : [];
  const look = chosen !== null && looks.includes(chosen) ? chosen : (looks[0] ?? 'text');
  return (
    <DrawerSection title={title} note={field === null ? undefined : format.bytes(field.sizeBytes)}>
      {looks.length === 0 ? null : (
        <div className={styles.fieldHead}>
          {looks.length > 1 ? (
            <SegmentedControl
              size="xs"
              data={looks.map((one) => ({ value: one, label: t(`look.${one}`) }))}
              value={look}
              onChange={(value) => setChosen(looks.find((one) => one === value) ?? null)}
              aria-label={t('lookOf', { title })}
            />
          ) : null}
          <span className={styles.viewSwitch}>
            <CopyField title={title} field={field} read={read} />
          </span>
        </div>
      )}
      <Body read={read} look={look} lines={lines} place={place} />
      {field?.isCut === true ? <p className={styles.label}>{t('cut', { size: format.bytes(field.sizeBytes) })}</p> : null}
    </DrawerSection>
  );
}

function toLines(text: string): readonly JsonLine[] | null {
  const tokens = /^\s*[[{]/.test(text) ? lexJson(text) : null;
  return tokens === null ? null : layOutJson(tokens);
}

interface BodyProps {
  readonly read: FieldText;
  readonly look: Look;
  readonly lines: readonly JsonLine[] | null;
  readonly place: 'key' | 'value';
}

function Body({ read, look, lines, place }: BodyProps): React.JSX.Element {
  const t = useTranslations('messages.field');
  if (read.kind === 'null') return <p>{t(place === 'value' ? 'tombstoneLong' : 'nullLong')}</p>;
  if (read.kind === 'empty') return <p>{t('emptyLong')}</p>;
  if (look === 'hex') return <Hex bytes={read.bytes} />;
  if (look === 'json' && lines !== null) return <Json lines={lines} />;
  return <pre className={styles.text}>{read.kind === 'text' ? <ForeignText text={read.text} hasLines /> : null}</pre>;
}

const indentPx = 14;

function Json({ lines }: { readonly lines: readonly JsonLine[] }): React.JSX.Element {
  return (
    <pre className={styles.json}>
      {lines.map((line, index) => (
        <div key={index} style={{ paddingLeft: line.indent * indentPx }}>
          {line.tokens.map((token, at) => (
            <span key={at} className={styles[token.kind]}>
              {token.kind === 'punctuation' ? token.text : <ForeignText text={token.text} hasLines />}
              {token.text === ':' && token.kind === 'punctuation' ? ' ' : ''}
            </span>
          ))}
        </div>
      ))}
    </pre>
  );
}

const maxHexBytes = 16_384;

function Hex({ bytes }: { readonly bytes: Uint8Array }): React.JSX.Element {
  const t = useTranslations('messages.field');
  const rows = hexRows(bytes.subarray(0, maxHexBytes));
  return (
    <>
      <table className={styles.hex}>
        <tbody>
          {rows.map((row) => (
            <tr key={row.at}>
              <td>{row.at.toString(16).padStart(4, '0')}</td>
              <td>{row.hex}</td>
              <td>{row.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {bytes.length > maxHexBytes ? <p className={styles.label}>{t('hexCut', { count: maxHexBytes })}</p> : null}
    </>
  );
}
