// The cells for hands, keyboards and screen readers: a treegrid of racks, brokers and copies, laid exactly over the
// drawn ones. Focus, hover and selection are drawn here, so the canvas never has to know of them.
'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import { moveOfKey, reachable, moveFocus } from './scene/roving.ts';
import styles from './cell-grid.module.css';
import type { CellPlace, Layout } from './scene/layout.ts';
import type { LiveView } from './use-live-view.ts';

interface GridProps {
  readonly layout: Layout;
  readonly view: LiveView;
}

export function CellGrid({ layout, view }: GridProps): React.JSX.Element | null {
  const t = useTranslations('live.grid');
  const [focused, setFocused] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const gridRef = useRef<HTMLDivElement>(null);
  const onKeyDown = useCallback(
    (event: React.KeyboardEvent) => {
      const key = (event.target as HTMLElement).dataset['key'];
      if (key === undefined) return;
      if (event.key === 'Enter' || event.key === ' ') {
        event.preventDefault();
        return openCell(layout, key, view);
      }
      const move = moveOfKey(event.key);
      if (move === null) return;
      event.preventDefault();
      const next = moveFocus(layout, key, move);
      setFocused(next);
      gridRef.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]`)?.focus();
    },
    [layout, view],
  );
  const places = reachable(layout);
  if (places.length === 0) return null;
  const tabStop = places.some((place) => place.key === focused) ? focused : places[0]!.key;
  return (
    <div
      ref={gridRef}
      role="treegrid"
      aria-label={t('label')}
      className={styles.grid}
      data-small={layout.level === 'team' || undefined}
      onKeyDown={onKeyDown}
    >
      {layout.cabinets.map((cabinet) => (
        <div key={cabinet.brokerId} role="row" aria-level={1} aria-label={t('broker', { id: cabinet.brokerId })}>
          {places
            .filter((place) => place.cell.brokerId === cabinet.brokerId)
            .map((place) => (
              <GridCell
                key={place.key}
                place={place}
                label={cellLabel(place, t)}
                isTabStop={place.key === tabStop}
                isLit={hovered === partitionKey(place)}
                isSelected={isSelected(place, view)}
                onHover={setHovered}
                onFocus={setFocused}
                onOpen={() => openCell(layout, place.key, view)}
              />
            ))}
        </div>
      ))}
      <SetLine places={places} layout={layout} hovered={hovered} view={view} />
    </div>
  );
}

function partitionKey(place: CellPlace): string {
  return `${place.cell.topic}-${place.cell.partition}`;
}

function isSelected(place: CellPlace, view: LiveView): boolean {
  const { selection } = view;
  return (
    selection?.kind === 'partition' &&
    selection.topic === place.cell.topic &&
    selection.partition === place.cell.partition &&
    (selection.brokerId === null || selection.brokerId === place.cell.brokerId)
  );
}

function openCell(layout: Layout, key: string, view: LiveView): void {
  const place = layout.cells.find((candidate) => candidate.key === key);
  if (place === undefined) return;
  const { topic, partition, brokerId } = place.cell;
  view.select(isSelected(place, view) ? null : { kind: 'partition', topic, partition, brokerId });
}

function cellLabel(place: CellPlace, t: ReturnType<typeof useTranslations<'live.grid'>>): string {
  const state = t(`state.${place.cell.state}`);
  const words = place.cell.isSecondChoice ? t('secondChoice', { state }) : state;
  return t('cell', { partition: partitionKey(place), state: words, broker: place.cell.brokerId });
}

interface CellProps {
  readonly place: CellPlace;
  readonly label: string;
  readonly isTabStop: boolean;
  readonly isLit: boolean;
  readonly isSelected: boolean;
  readonly onHover: (key: string | null) => void;
  readonly onFocus: (key: string) => void;
  readonly onOpen: () => void;
}

function GridCell({ place, label, isTabStop, isLit, isSelected: selected, onHover, onFocus, onOpen }: CellProps): React.JSX.Element {
  const isSmall = place.width < 22;
  return (
    <div
      role="gridcell"
      data-key={place.key}
      aria-label={label}
      aria-selected={selected}
      tabIndex={isTabStop ? 0 : -1}
      title={isSmall ? label : undefined}
      className={styles.cell}
      data-lit={isLit || undefined}
      style={{ left: place.x, top: place.y, width: place.width, height: place.height }}
      onPointerEnter={() => onHover(partitionKey(place))}
      onPointerLeave={() => onHover(null)}
      onFocus={() => onFocus(place.key)}
      onClick={onOpen}
    />
  );
}

/** The copies of one partition, joined down the cabinets; the lips and notes between them stay free. */
function SetLine({
  places,
  layout,
  hovered,
  view,
}: {
  readonly places: readonly CellPlace[];
  readonly layout: Layout;
  readonly hovered: string | null;
  readonly view: LiveView;
}): React.JSX.Element | null {
  const selection = view.selection?.kind === 'partition' ? `${view.selection.topic}-${view.selection.partition}` : null;
  const set = places.filter((place) => partitionKey(place) === (hovered ?? selection));
  const [first, last] = [set[0], set.at(-1)];
  if (first === undefined || last === undefined || first === last || set.some((place) => place.x !== first.x)) return null;
  const x = first.x + first.width + 4.5;
  const [fromY, toY] = [first.y + first.height / 2, last.y + last.height / 2];
  const pieces = layout.cabinets.flatMap((cabinet) => {
    const face = cabinet.faces.find((one) => x > one.x && x < one.x + one.width);
    const [top, bottom] = face === undefined ? [0, 0] : [Math.max(fromY, face.y), Math.min(toY, face.y + face.height)];
    return bottom > top ? [`M${x} ${top}V${bottom}`] : [];
  });
  const ticks = set.map((place) => `M${x - 4.5} ${place.y + place.height / 2}H${x}`);
  return (
    <svg className={styles.setLine} aria-hidden="true">
      <path d={[...pieces, ...ticks].join('')} />
    </svg>
  );
}
