// Copies a field so that it arrives unchanged: text as text, everything else as base64, which "Produce" takes back
// byte for byte. What was cut for the screen is not passed off as the whole.
'use client';

import { useTranslations } from 'next-intl';
import { CopyButton } from '#components/ui/copy-button.tsx';
import type { ByteField } from '#server/cluster/port.ts';
import type { FieldText } from './field-text.ts';

export interface CopyFieldProps {
  readonly title: string;
  readonly field: ByteField | null;
  readonly read: FieldText;
}

export function CopyField({ title, field, read }: CopyFieldProps): React.JSX.Element | null {
  const t = useTranslations('messages.field');
  if (field === null || read.kind === 'null' || read.kind === 'empty') return null;
  const words = field.isCut ? t('copyShown', { title }) : read.kind === 'text' ? t('copy', { title }) : t('copyBase64', { title });
  return <CopyButton tone="square" text={read.kind === 'text' ? read.text : field.base64} label={words} />;
}
