// One broker: its process, what it leads, what goes through it.
'use client';

import { useTranslations } from 'next-intl';
import { ActionLink } from '#components/ui/action.tsx';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { formatAddress } from '#components/ui/format.ts';
import { useClusterHref } from '#components/shell/cluster-context.tsx';
import { useCapabilities } from '#components/shell/use-capabilities.ts';
import { StateShape } from '#components/ui/state-shape.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import styles from './inspector.module.css';
import type { BrokerSummary } from '#server/cluster/port.ts';
import type { Scene } from '../scene/scene.ts';

type Words = ReturnType<typeof useTranslations<'live.brokerFacts'>>;

export function BrokerInspector({
  scene,
  brokerId,
  onClose,
}: {
  readonly scene: Scene;
  readonly brokerId: number;
  readonly onClose: () => void;
}): React.JSX.Element {
  const t = useTranslations('live.brokerFacts');
  const states = useTranslations('live.broker');
  const format = useFormat();
  const href = useClusterHref();
  const broker = scene.state.brokers.find((candidate) => candidate.brokerId === brokerId);
  const hasLab = useCapabilities()?.lab.available === true;
  const foot = (
    <>
      <ActionLink href={href(`brokers/${brokerId}`)}>{t('open')}</ActionLink>
      {hasLab ? <ActionLink href={href(`lab?fault=kill&broker=${brokerId}`)}>{t('break')}</ActionLink> : null}
    </>
  );
  return (
    <Drawer
      title={states('name', { id: brokerId })}
      sub={broker === undefined ? '' : formatAddress(broker)}
      label={t('label', { id: brokerId })}
      onClose={onClose}
      foot={foot}
    >
      {broker === undefined ? (
        <p className={styles.prose}>{t('gone')}</p>
      ) : (
        <>
          <div className={styles.state}>
            <StateShape state={broker.state === 'online' ? 'good' : broker.state === 'lost' ? 'offline' : 'watch'} size={16} />
            <b>{states(`state.${broker.state}`)}</b>
          </div>
          <DrawerSection title={t('part')}>
            <Facts facts={partFacts(broker, t)} />
          </DrawerSection>
          {broker.rates === null ? null : (
            <DrawerSection title={t('traffic')}>
              <Facts facts={trafficFacts(broker, t, format)} />
            </DrawerSection>
          )}
          {broker.process === null ? null : (
            <DrawerSection title={t('process')}>
              <Facts facts={processFacts(broker, t, format)} />
            </DrawerSection>
          )}
        </>
      )}
    </Drawer>
  );
}

function partFacts(broker: BrokerSummary, t: Words): readonly Fact[] {
  return [
    { name: t('leads'), value: String(broker.leaderCount) },
    { name: t('holds'), value: t('copies', { count: broker.replicaCount }) },
    { name: t('controller'), value: broker.isController ? t('yes') : t('no') },
    ...(broker.isVoter === null ? [] : [{ name: t('voter'), value: broker.isVoter ? t('yes') : t('no') }]),
    ...(broker.rack === null ? [] : [{ name: t('rack'), value: <ForeignText text={broker.rack} /> }]),
  ];
}

function trafficFacts(broker: BrokerSummary, t: Words, format: Format): readonly Fact[] {
  const rates = broker.rates!;
  return [
    {
      name: t('in'),
      value: `${format.bytes(rates.bytesInPerSecond)}/s`,
      note: t('records', { rate: format.rate(rates.recordsInPerSecond) }),
    },
    { name: t('out'), value: `${format.bytes(rates.bytesOutPerSecond)}/s` },
    { name: t('requests'), value: t('perSecond', { rate: format.rate(rates.requestsPerSecond) }) },
    { name: t('connections'), value: String(rates.connections) },
    { name: t('idle'), value: `${format.percent(rates.idleRatio)} %` },
    ...(rates.produceP99Ms === null ? [] : [{ name: t('produceP99'), value: `${rates.produceP99Ms.toFixed(1)} ms` }]),
    ...(rates.fetchP99Ms === null ? [] : [{ name: t('fetchP99'), value: `${rates.fetchP99Ms.toFixed(1)} ms` }]),
    ...(broker.diskUsedBytes === null ? [] : [{ name: t('logs'), value: format.bytes(broker.diskUsedBytes) }]),
  ];
}

function processFacts(broker: BrokerSummary, t: Words, format: Format): readonly Fact[] {
  const process = broker.process!;
  return [
    { name: t('pid'), value: String(process.pid) },
    { name: t('started'), value: `${format.moment(process.startedAtMs)} UTC` },
    { name: t('memory'), value: format.bytes(process.residentBytes) },
    { name: t('cpu'), value: `${format.percent(process.cpuRatio)} %` },
    { name: t('restarts'), value: String(process.restarts) },
  ];
}
