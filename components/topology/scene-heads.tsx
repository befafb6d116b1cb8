// The headings of the picture: who stands in which column, and the three flows with their rates.
'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '#components/ui/use-format.ts';
import { FlowMark } from './flow-mark.tsx';
import styles from './scene-heads.module.css';
import type { FlowKind } from './scene/edges.ts';
import type { Layout } from './scene/layout.ts';
import type { Scene } from './scene/scene.ts';

export function SceneHeads({ scene, layout }: { readonly scene: Scene; readonly layout: Layout }): React.JSX.Element {
  const t = useTranslations('live.heads');
  const flows = flowPlaces(scene, layout);
  return (
    <>
      {layout.level === 'fleet' ? null : (
        <h2 className={styles.head} style={{ left: 20, top: 11 }}>
          {t('producers')}
        </h2>
      )}
      <h2 className={styles.head} style={{ left: layout.brokersX, top: 11 }}>
        {t('brokers')}
      </h2>
      {layout.level === 'fleet' || (layout.groups.length === 0 && scene.state.topics.size === 0) ? null : (
        <h2 className={styles.head} style={{ left: layout.groupsX, top: 11 }}>
          {t('groups')}
        </h2>
      )}
      {flows.map((flow) => (
        <FlowHead key={flow.kind} {...flow} />
      ))}
    </>
  );
}

interface FlowPlace {
  readonly kind: FlowKind;
  readonly x: number;
  readonly isRight: boolean;
  readonly perSecond: number | null;
}

function flowPlaces(scene: Scene, layout: Layout): readonly FlowPlace[] {
  const { figures, structure } = scene;
  if (figures === null || scene.state.topics.size === 0) return [];
  const replicates = structure.edges.some((edge) => edge.kind === 'replicate');
  const produce: FlowPlace = {
    kind: 'produce',
    x: layout.level === 'class' ? layout.brokersX - 14 : layout.brokersX + 94,
    isRight: layout.level === 'class',
    perSecond: figures.producePerSecond,
  };
  const replicate: FlowPlace = {
    kind: 'replicate',
    x: layout.level === 'class' ? layout.brokersX + 227 : layout.brokersX + 246,
    isRight: false,
    perSecond: figures.replicatePerSecond,
  };
  const consume: FlowPlace = {
    kind: 'consume',
    x: layout.level === 'class' ? layout.groupsX - 18 : layout.brokersX + (replicates ? 408 : 246),
    isRight: layout.level === 'class',
    perSecond: figures.consumePerSecond,
  };
  return replicates ? [produce, replicate, consume] : [produce, consume];
}

function FlowHead({ kind, x, isRight, perSecond }: FlowPlace): React.JSX.Element {
  const t = useTranslations('live.heads');
  const format = useFormat();
  return (
    <p className={styles.flowHead} style={isRight ? { left: x, transform: 'translateX(-100%)' } : { left: x }} data-flow={kind}>
      <FlowMark kind={kind} />
      <b>{t(kind)}</b> <span>{perSecond === null ? t('unknown') : t('perSecond', { rate: format.rate(perSecond) })}</span>
    </p>
  );
}
