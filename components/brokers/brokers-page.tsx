// All brokers: who serves, who controls, how much each leads, holds and moves.
'use client';

import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { useContact } from '#components/shell/use-contact.ts';
import { ErrorNotice } from '#components/ui/notice.tsx';
import type { State } from '#components/ui/state-shape.tsx';
import { Paper } from '#components/ui/surface.tsx';
import type { BrokerSummary } from '#server/cluster/port.ts';
import { BrokerTable, BrokerTableLoading } from './broker-table.tsx';
import { brokerState, leaderSkew } from './broker-view.ts';
import { brokersEveryMs, useBrokers } from './use-brokers.ts';

export function BrokersPage(): React.JSX.Element {
  const t = useTranslations('brokers');
  const { brokers, problem, atMs, retry } = useBrokers();
  return (
    <PageFrame
      state={stateOf(brokers)}
      sentence={<Sentence brokers={brokers} />}
      reasons={<Reasons brokers={brokers} />}
      atMs={atMs}
      everyMs={brokersEveryMs}
    >
      <Paper label={t('list')}>
        {problem !== null && brokers === null ? <ErrorNotice title={t('failed')} problem={problem} onRetry={retry} /> : null}
        {brokers === null && problem === null ? <BrokerTableLoading /> : null}
        {brokers === null ? null : <BrokerTable brokers={brokers} />}
      </Paper>
    </PageFrame>
  );
}

function stateOf(brokers: readonly BrokerSummary[] | null): State {
  if (brokers === null) return 'unknown';
  return brokers.every((broker) => brokerState(broker) === 'good') ? 'good' : 'watch';
}

function Sentence({ brokers }: { readonly brokers: readonly BrokerSummary[] | null }): React.JSX.Element {
  const t = useTranslations('brokers');
  if (brokers === null) return <>{t('asking')}</>;
  const online = brokers.filter((broker) => broker.state === 'online').length;
  return <>{online === brokers.length ? t('sentenceAll', { count: online }) : t('sentenceSome', { online, all: brokers.length })}</>;
}

function Reasons({ brokers }: { readonly brokers: readonly BrokerSummary[] | null }): React.JSX.Element | null {
  const t = useTranslations('brokers');
  const { overview } = useContact();
  if (brokers === null) return null;
  const controller = brokers.find((broker) => broker.isController);
  const skew = leaderSkew(brokers);
  return (
    <>
      {controller === undefined ? t('noController') : t('controller', { broker: controller.brokerId })}{' '}
      {skew === null ? '' : t('skew', { skew: skew.toFixed(2) })}{' '}
      {overview?.kafkaVersion == null ? '' : t('version', { version: overview.kafkaVersion })}
    </>
  );
}
