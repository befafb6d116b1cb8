// The names on a map of cells: each broker under its cabinet, and the heading of the heat map.
'use client';

import { useTranslations } from 'next-intl';
import styles from './map-labels.module.css';
import type { Layout } from './scene/layout.ts';
import type { LiveView } from './use-live-view.ts';
import type { Scene } from './scene/scene.ts';

/** A name needs this much; in a narrower cabinet the number stands alone. */
const nameWidth = 62;
const numberWidth = 14;

export function MapLabels({
  scene,
  layout,
  view,
}: {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: LiveView;
}): React.JSX.Element {
  const t = useTranslations('live.broker');
  const map = useTranslations('live.map');
  const chosen = view.selection?.kind === 'broker' ? view.selection.brokerId : null;
  return (
    <>
      {layout.cabinets.map(({ brokerId, plate, width, isStopped, rack }) =>
        width < numberWidth ? null : (
          <button
            key={brokerId}
            type="button"
            className={styles.broker}
            data-stopped={isStopped || undefined}
            aria-label={t('name', { id: brokerId })}
            aria-pressed={chosen === brokerId}
            title={rack === null ? t('name', { id: brokerId }) : `${t('name', { id: brokerId })}, ${t('rack', { rack })}`}
            style={{ left: plate.x, top: plate.y - 12, maxWidth: width }}
            onClick={() => view.select(chosen === brokerId ? null : { kind: 'broker', brokerId })}
          >
            {width < nameWidth ? brokerId : t('name', { id: brokerId })}
            {scene.state.controllerId === brokerId ? ' ♛' : ''}
          </button>
        ),
      )}
      {layout.heat === null ? null : (
        <h2 className={styles.heatHead} style={{ left: layout.heat.x, top: 11 }}>
          {map('heat')}
        </h2>
      )}
    </>
  );
}
