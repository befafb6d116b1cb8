// One broker: its process, its disk, what it moves, and its settings.
'use client';

import { useTranslations } from 'next-intl';
import { PageFrame } from '#components/shell/page-frame.tsx';
import { SubjectNotice } from '#components/shell/subject-notice.tsx';
import { oldestOf } from '#components/shell/use-subject.ts';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { useNow } from '#components/shell/use-now.ts';
import { Facts, FactStrip, type Fact } from '#components/ui/facts.tsx';
import { Figure, Unknown } from '#components/ui/figure.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { formatAddress } from '#components/ui/format.ts';
import { Note, Waiting } from '#components/ui/notice.tsx';
import { Paper, SectionHead } from '#components/ui/surface.tsx';
import { useFormat } from '#components/ui/use-format.ts';
import type { BrokerSummary } from '#server/cluster/port.ts';
import type { BrokerReplica } from '#server/cluster/partition-replicas.ts';
import { BrokerCopies } from './broker-copies.tsx';
import { BrokerSettings } from './broker-settings.tsx';
import { brokerState, diskRatio, worstTrouble } from './broker-view.ts';
import styles from './brokers.module.css';
import { StorageNotice } from './storage-notice.tsx';
import { brokersEveryMs, useBroker, useBrokerCopies } from './use-brokers.ts';

export interface BrokerPageProps {
  readonly brokerId: number;
  /** What can be done to it, and what is being done: rooms of their own. */
  readonly actions?: (copies: readonly BrokerReplica[] | null) => React.ReactNode;
  readonly underWay?: React.ReactNode;
}

export function BrokerPage({ brokerId, actions, underWay }: BrokerPageProps): React.JSX.Element {
  const t = useTranslations('brokers');
  const asked = useBrokerCopies(brokerId);
  const subject = useBroker(brokerId);
  const { data: broker, problem } = subject;
  const sentence =
    broker === null
      ? t('name', { broker: brokerId })
      : t(broker.isController ? 'one.sentenceController' : 'one.sentence', { broker: brokerId, state: t(`state.${broker.state}`) });
  const trouble = broker === null ? null : worstTrouble(broker);
  return (
    <PageFrame
      state={broker === null ? 'unknown' : brokerState(broker)}
      sentence={trouble === null ? sentence : `${sentence}${t('storage.gap')}${t(`storage.short.${trouble}`)}`}
      reasons={
        broker === null ? null : t('one.reasons', { address: formatAddress(broker), leads: broker.leaderCount, holds: broker.replicaCount })
      }
      actions={subject.isGone ? null : actions?.(asked.copies)}
      atMs={oldestOf(subject.atMs, asked.atMs)}
      everyMs={brokersEveryMs}
    >
      <SubjectNotice subject={subject} name={t('name', { broker: brokerId })} failed={t('one.failed', { broker: brokerId })} />
      {broker === null && problem === null ? (
        <Paper>
          <Waiting>{t('waiting')}</Waiting>
        </Paper>
      ) : null}
      {broker === null ? null : (
        <>
          <StorageNotice broker={broker} />
          <Strip broker={broker} />
          <div className={styles.two}>
            <Process broker={broker} />
            <Rates broker={broker} />
          </div>
        </>
      )}
      {underWay}
      {broker === null ? null : <BrokerCopies asked={asked} />}
      {subject.isGone ? null : <BrokerSettings brokerId={brokerId} />}
    </PageFrame>
  );
}

function Strip({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('brokers.one');
  const ts = useTranslations('brokers.state');
  const format = useFormat();
  const ratio = diskRatio(broker);
  return (
    <FactStrip
      facts={[
        { name: t('state'), value: ts(broker.state), note: broker.isController ? t('controls') : '' },
        ...(broker.isVoter === null ? [] : [{ name: t('roles'), value: broker.isVoter ? t('controllerRole') : t('brokerRole'), note: '' }]),
        {
          name: t('address'),
          value: formatAddress(broker),
          note: broker.rack === null ? t('noRack') : t('rack', { rack: foreignWords(broker.rack) }),
        },
        { name: t('leads'), value: format.count(broker.leaderCount), note: t('partitions') },
        { name: t('holds'), value: format.count(broker.replicaCount), note: t('copies') },
        {
          name: t('used'),
          value: broker.diskUsedBytes === null ? <Unknown size={16} /> : format.bytes(broker.diskUsedBytes),
          note: t('byLogs'),
        },
        {
          name: t('disk'),
          value: ratio === null ? <Unknown size={16} /> : `${format.percent(ratio)} %`,
          note: broker.diskTotalBytes === null ? '' : t('ofTotal', { total: format.bytes(broker.diskTotalBytes) }),
        },
      ]}
    />
  );
}

interface Limited {
  readonly name: string;
  readonly used: number | null | undefined;
  readonly limit: number | null | undefined;
  readonly note: (limit: string) => string;
}

function Process({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('brokers.process');
  const format = useFormat();
  const now = useNow();
  const capability = useCapabilities()?.processes;
  const { process } = broker;
  const limited = ({ name, used, limit, note }: Limited): Fact => ({
    name,
    value: used == null ? <Unknown size={13} /> : format.count(used),
    ...(limit == null ? {} : { note: note(format.count(limit)) }),
  });
  const facts: readonly Fact[] =
    process === null
      ? []
      : [
          { name: t('pid'), value: process.pid },
          {
            name: t('runs'),
            value: now === null ? '–' : format.duration(Math.max(0, now - process.startedAtMs)),
            note: t('since', { time: format.moment(process.startedAtMs) }),
          },
          { name: t('memory'), value: format.bytes(process.residentBytes), note: t('resident') },
          { name: t('cpu'), value: `${format.percent(process.cpuRatio)} %`, note: t('ofCore') },
          { name: t('restarts'), value: format.count(process.restarts) },
          limited({
            name: t('partitions'),
            used: process.partitions,
            limit: process.partitionLimit,
            note: (limit) => t('partitionsNote', { limit }),
          }),
          limited({
            name: t('openFiles'),
            used: process.openFiles,
            limit: process.openFilesLimit,
            note: (limit) => t('openFilesNote', { limit }),
          }),
        ];
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} />
      {process === null ? (
        <Note>{capability?.available === false ? t(`why.${capability.reason}`) : t('unknown')}</Note>
      ) : (
        <Facts facts={facts} />
      )}
    </Paper>
  );
}

function Rates({ broker }: { readonly broker: BrokerSummary }): React.JSX.Element {
  const t = useTranslations('brokers.rates');
  const tu = useTranslations('ui.units');
  const format = useFormat();
  const { rates } = broker;
  const perSecond = (bytes: number): string => tu('perSecond', { unit: format.bytes(bytes) });
  const latency = (ms: number | null): React.JSX.Element => <Figure value={ms === null ? null : ms.toFixed(1)} unit={tu('ms')} />;
  return (
    <Paper label={t('title')}>
      <SectionHead title={t('title')} note={t('note')} />
      {rates === null ? (
        <Note>{t('unknown')}</Note>
      ) : (
        <Facts
          facts={[
            { name: t('in'), value: perSecond(rates.bytesInPerSecond), note: `${format.rate(rates.recordsInPerSecond)} ${tu('records')}` },
            { name: t('out'), value: perSecond(rates.bytesOutPerSecond) },
            { name: t('requests'), value: tu('perSecond', { unit: format.rate(rates.requestsPerSecond) }) },
            { name: t('produce'), value: latency(rates.produceP99Ms) },
            { name: t('fetch'), value: latency(rates.fetchP99Ms) },
            { name: t('connections'), value: format.count(rates.connections) },
            { name: t('idle'), value: `${format.percent(rates.idleRatio)} %` },
          ]}
        />
      )}
    </Paper>
  );
}
