// Copies a text and says so where one looks: on the button itself.
'use client';

import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Action, type Tone } from './action.tsx';

export function CopyButton({
  text,
  tone = 'edge',
  label,
}: {
  readonly text: string;
  readonly tone?: Tone;
  readonly label?: string;
}): React.JSX.Element {
  const t = useTranslations('ui');
  const clipboard = useClipboard({ timeout: 1500 });
  const words = clipboard.copied ? t('copied') : (label ?? t('copy'));
  const icon = clipboard.copied ? <Check size={15} aria-hidden /> : <Copy size={15} aria-hidden />;
  return (
    <Action tone={tone} onClick={() => clipboard.copy(text)} aria-label={tone === 'square' ? words : undefined}>
      {icon}
      {tone === 'square' ? null : words}
    </Action>
  );
}
