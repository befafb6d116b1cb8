// A fault in words: what holds, and what a button does.
'use client';

import { useTranslations } from 'next-intl';
import { useUnitWords } from '#components/ui/use-format.ts';
import { formatDuration } from '#components/ui/format.ts';
import type { LabFault } from '#server/cluster/lab.ts';
import { requestName } from './request-kinds.ts';

export interface FaultWords {
  /** "Broker 2 is killed." */
  readonly says: (fault: LabFault) => string;
  /** "Kill broker 2" */
  readonly deed: (fault: LabFault) => string;
  /** "30 s", "1 min 5 s": whole seconds, as a countdown shows them. */
  readonly span: (seconds: number) => string;
}

export function useFaultWords(): FaultWords {
  const t = useTranslations('lab');
  const words = useUnitWords();
  const span = (seconds: number): string => (seconds < 10 ? `${seconds}${words.gap}${words.s}` : formatDuration(seconds * 1_000, words));
  const values = (fault: LabFault): Record<string, string | number> => ({
    broker: 'brokerId' in fault ? fault.brokerId : 0,
    from: 'fromId' in fault ? fault.fromId : 0,
    to: 'toId' in fault ? fault.toId : 0,
    delay: 'delayMs' in fault ? fault.delayMs : 0,
    request: 'apiKey' in fault ? requestName(fault.apiKey) : '',
    skew: 'skewMs' in fault ? `${fault.skewMs < 0 ? '−' : '+'}${span(Math.round(Math.abs(fault.skewMs) / 1_000))}` : '',
  });
  return {
    says: (fault) => t(`says.${wordOf(fault)}`, values(fault)),
    deed: (fault) => t(`deed.${wordOf(fault)}`, values(fault)),
    span,
  };
}

type Word = Exclude<LabFault['kind'], 'cut' | 'drop'> | 'cut-one' | 'cut-both' | 'drop-request' | 'drop-response';

function wordOf(fault: LabFault): Word {
  if (fault.kind === 'cut') return fault.bothWays ? 'cut-both' : 'cut-one';
  return fault.kind === 'drop' ? `drop-${fault.what}` : fault.kind;
}
