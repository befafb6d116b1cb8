// What a fault may do that its end doesn't undo, said before it is done. Of a clock that is to run ahead it names the topics
// whose records would be deleted.
'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useClusterId } from '#components/shell/cluster-context.tsx';
import { useTRPC } from '#components/shell/trpc.ts';
import { Caution } from '#components/ui/notice.tsx';
import { lastingOf, type Fault } from './fault-form.ts';
import { useFaultWords } from './use-fault-words.ts';

export function LastingNote({ fault }: { readonly fault: Fault }): React.JSX.Element | null {
  const t = useTranslations('lab.lasting');
  const lasting = lastingOf(fault);
  if (lasting === null) return null;
  if (lasting.kind === 'ahead') return <ClockAhead brokerId={lasting.brokerId} skewMs={lasting.skewMs} />;
  return <Caution>{t(lasting.kind)}</Caution>;
}

interface ClockAheadProps {
  readonly brokerId: number;
  readonly skewMs: number;
}

const namedTopics = 8;

function ClockAhead({ brokerId, skewMs }: ClockAheadProps): React.JSX.Element {
  const t = useTranslations('lab.lasting');
  const trpc = useTRPC();
  const { span } = useFaultWords();
  const { data, error } = useQuery(trpc.lab.expiring.queryOptions({ clusterId: useClusterId(), brokerId, skewMs }));
  const names = (data ?? []).slice(0, namedTopics).join(', ');
  return (
    <Caution>
      <p>{t('ahead', { broker: brokerId, skew: span(Math.round(skewMs / 1_000)) })}</p>
      {data === undefined ? (
        <p>{t(error === null ? 'asking' : 'unknown')}</p>
      ) : (
        <p>{t('topics', { count: data.length, names: data.length > namedTopics ? `${names}, …` : names })}</p>
      )}
    </Caution>
  );
}
