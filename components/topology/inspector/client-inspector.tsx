// One writing client, or a family of them: what the brokers saw of it.
'use client';

import { useTranslations } from 'next-intl';
import { Drawer, DrawerSection } from '#components/ui/drawer.tsx';
import { Facts, type Fact } from '#components/ui/facts.tsx';
import { foreignWords } from '#components/ui/foreign-text.ts';
import { ForeignText } from '#components/ui/foreign-text.tsx';
import { useFormat, type Format } from '#components/ui/use-format.ts';
import { edgeRate } from '../scene/edges.ts';
import styles from './inspector.module.css';
import type { ProducerState } from '../scene/cluster-state.ts';
import type { Scene } from '../scene/scene.ts';

type Words = ReturnType<typeof useTranslations<'live.clientFacts'>>;

export function ClientInspector({
  scene,
  cardKey,
  onClose,
}: {
  readonly scene: Scene;
  readonly cardKey: string;
  readonly onClose: () => void;
}): React.JSX.Element {
  const t = useTranslations('live.clientFacts');
  const format = useFormat();
  const card = scene.structure.clients.get(cardKey);
  const producers = (scene.state.producers ?? []).filter((producer) => card?.clientIds.includes(producer.clientId) === true);
  const title = card?.label ?? cardKey.replace(/^\w+:/, '');
  return (
    <Drawer title={<ForeignText text={title} />} sub={t('sub')} label={t('label', { name: foreignWords(title) })} onClose={onClose}>
      {card === undefined ? (
        <p className={styles.prose}>{t('gone')}</p>
      ) : (
        <>
          <DrawerSection title={t('flows')}>
            <Facts facts={flowFacts(scene, cardKey, { t, format })} />
          </DrawerSection>
          {producers.map((producer) => (
            <DrawerSection key={producer.clientId} title={<ForeignText text={producer.clientId} />}>
              <Facts facts={producerFacts(producer, t)} />
            </DrawerSection>
          ))}
        </>
      )}
    </Drawer>
  );
}

function flowFacts(scene: Scene, cardKey: string, { t, format }: { readonly t: Words; readonly format: Format }): readonly Fact[] {
  const edges = scene.structure.edges.filter((edge) => edge.cardKey === cardKey && edge.kind === 'produce');
  const perSecond = scene.figures?.byCard.get(cardKey) ?? 0;
  return [
    { name: t('all'), value: t('perSecond', { rate: format.rate(perSecond) }) },
    ...edges.map((edge) => ({
      name: t('broker', { id: edge.brokerId }),
      value: t('perSecond', { rate: format.rate(edgeRate(edge, scene.figures?.atMs ?? scene.shownMs)) }),
      // Of a moment of the record only the rate is known.
      ...(edge.measuredPerSecond === null ? { note: t('total', { count: format.count(edge.records.total) }) } : {}),
    })),
  ];
}

function producerFacts(producer: ProducerState, t: Words): readonly Fact[] {
  return [
    { name: t('topics'), value: producer.topics.length === 0 ? t('none') : producer.topics.join(', ') },
    { name: t('acks'), value: producer.acks === null ? t('none') : producer.acks === -1 ? t('acksAll') : String(producer.acks) },
    { name: t('idempotent'), value: producer.isIdempotent ? t('yes') : t('no') },
    { name: t('connections'), value: String(producer.connections) },
  ];
}
