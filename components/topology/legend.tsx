// "How to read this case": every shape that can stand on the shelves now, the flows, and the switches of the view.
'use client';

import { useTranslations } from 'next-intl';
import { Cell } from '#components/ui/cell.tsx';
import { FlowMark } from './flow-mark.tsx';
import { SegmentedChoice, Toggle } from './switches.tsx';
import styles from './legend.module.css';
import { details } from './scene/choose-detail.ts';
import { stateCodes } from './scene/cell-map.ts';
import { detailLevels } from './scene/detail-level.ts';
import type { CellState } from './scene/cells.ts';
import type { LevelChoice } from './scene/detail-level.ts';
import type { LiveView } from './use-live-view.ts';
import type { Scene } from './scene/scene.ts';

interface LegendProps {
  readonly scene: Scene;
  readonly view: LiveView;
  readonly isTraced: boolean;
  readonly isStill: boolean;
}

const levels: readonly LevelChoice[] = ['auto', ...detailLevels];

export function Legend({ scene, view, isTraced, isStill }: LegendProps): React.JSX.Element {
  const t = useTranslations('live.legend');
  const hasCopies = isReplicated(scene);
  return (
    <div className={styles.plaque} data-copies={hasCopies || undefined}>
      <h2>{t('title')}</h2>
      <i className={styles.plaqueBar} />
      <CellKeys scene={scene} hasCopies={hasCopies} />
      <i className={styles.plaqueBar} />
      {isTraced ? <FlowKeys scene={scene} /> : <p className={styles.plaqueNote}>{t(scene.isRecord ? 'recorded' : 'measured')}</p>}
      <i className={styles.plaqueBar} />
      <div className={styles.switches}>
        <SegmentedChoice
          label={t('detail')}
          value={view.level}
          onChange={view.setLevel}
          options={levels.map((level) => ({ value: level, label: t(`level.${level}`) }))}
        />
        <Toggle label={t('still')} isOn={isStill} onChange={view.setStill} />
        {!canFold(scene, view) ? null : <Toggle label={t('fold')} isOn={view.foldIdle} onChange={view.setFoldIdle} />}
        <Toggle label={t('annotations')} isOn={view.hasNotes} onChange={view.setNotes} />
      </div>
    </div>
  );
}

/** Where cells have their full size there is nothing to gain. */
function canFold(scene: Scene, view: LiveView): boolean {
  return view.foldIdle || (scene.layout !== null && scene.layout.cell < details[0]!.cell);
}

function isReplicated(scene: Scene): boolean {
  return [...scene.state.topics.values()].some((topic) =>
    [...topic.partitions.values()].some((partition) => partition.replicas.length > 1),
  );
}

function CellKeys({ scene, hasCopies }: { readonly scene: Scene; readonly hasCopies: boolean }): React.JSX.Element {
  const t = useTranslations('live.legend');
  const states = statesShown(scene);
  const secondChoice = scene.layout?.cells.some((place) => place.cell.isSecondChoice) === true;
  return (
    <div className={styles.keys}>
      <Key word={t('leader')}>
        <Cell look="solid" text="0" />
      </Key>
      {hasCopies ? (
        <Key word={t('follower')}>
          <Cell look="hollow" text="1" />
        </Key>
      ) : null}
      {hasCopies ? (
        <Key word={t('outOfSync')}>
          <Cell look="hatched" text="2" />
        </Key>
      ) : null}
      <Key word={t('offline')}>
        <Cell look="leaderless" />
      </Key>
      {states.has('stopped') ? (
        <Key word={t('stopped')}>
          <Cell look="gone" text="3" />
        </Key>
      ) : null}
      {secondChoice ? (
        <Key word={t('notFirst')}>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d="M6 2l5 8H1z" fill="var(--ink)" />
          </svg>
        </Key>
      ) : null}
    </div>
  );
}

/** The states that stand on the shelves now. */
function statesShown({ layout }: Scene): ReadonlySet<CellState> {
  if (layout === null) return new Set();
  const { map } = layout;
  return new Set(map === null ? layout.cells.map((place) => place.cell.state) : stateCodes.filter((state) => map.has(state)));
}

function FlowKeys({ scene }: { readonly scene: Scene }): React.JSX.Element {
  const t = useTranslations('live.heads');
  const replicates = scene.structure.edges.some((edge) => edge.kind === 'replicate');
  return (
    <div className={`${styles.keys} ${styles.flowKeys}`}>
      <Key word={t('produce')}>
        <FlowMark kind="produce" />
      </Key>
      <Key word={t('ack')}>
        <FlowMark kind="ack" />
      </Key>
      {replicates ? (
        <Key word={t('replicate')}>
          <FlowMark kind="replicate" />
        </Key>
      ) : null}
      <Key word={t('consume')}>
        <FlowMark kind="consume" />
      </Key>
    </div>
  );
}

function Key({ word, children }: { readonly word: string; readonly children: React.ReactNode }): React.JSX.Element {
  return (
    <span className={styles.key}>
      {children}
      {word}
    </span>
  );
}
