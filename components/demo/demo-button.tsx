// Opens the demo panel and says whether something runs.
'use client';

import { FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Action } from '#components/ui/action.tsx';
import type { Demo } from './use-demo.ts';

export function DemoButton({
  demo,
  isOpen,
  onToggle,
}: {
  readonly demo: Demo;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}): React.JSX.Element {
  const t = useTranslations('demo');
  const isRunning = demo.status?.plan !== null && demo.status !== null;
  return (
    <Action tone="wall" aria-pressed={isOpen} onClick={onToggle} title={isRunning ? t('running') : t('stopped')}>
      <FlaskConical size={15} />
      {t('open')}
    </Action>
  );
}
