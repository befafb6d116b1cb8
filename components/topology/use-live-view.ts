// All state of the view lives in the address: level, selection, pause, table, notes.
'use client';

import { parseAsBoolean, parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { formatSelection, parseSelection, type Selection } from './selection.ts';
import { detailLevels } from './scene/detail-level.ts';
import type { LevelChoice } from './scene/detail-level.ts';

const levels = ['auto', ...detailLevels] as const satisfies readonly LevelChoice[];

const parsers = {
  level: parseAsStringLiteral(levels).withDefault('auto'),
  sel: parseAsString,
  paused: parseAsBoolean.withDefault(false),
  /** The moment of the record that is shown; absent: live. */
  at: parseAsIsoDateTime,
  table: parseAsBoolean.withDefault(false),
  notes: parseAsBoolean.withDefault(true),
  still: parseAsBoolean,
  internal: parseAsBoolean.withDefault(false),
  fold: parseAsBoolean.withDefault(false),
};

export interface LiveView {
  readonly level: LevelChoice;
  readonly selection: Selection | null;
  readonly isPaused: boolean;
  /** The moment of the record that is shown; null: now. */
  readonly atMs: number | null;
  readonly isTable: boolean;
  readonly hasNotes: boolean;
  /** null follows the system's wish for less motion. */
  readonly still: boolean | null;
  readonly showInternal: boolean;
  /** Idle topics are folded into one strip. */
  readonly foldIdle: boolean;
  select(selection: Selection | null): void;
  setLevel(level: LevelChoice): void;
  setPaused(isPaused: boolean): void;
  /** Goes to a moment of the record, or back to now. */
  goTo(atMs: number | null): void;
  setTable(isTable: boolean): void;
  setNotes(hasNotes: boolean): void;
  setStill(isStill: boolean): void;
  setShowInternal(showInternal: boolean): void;
  setFoldIdle(foldIdle: boolean): void;
}

export function useLiveView(): LiveView {
  const [state, set] = useQueryStates(parsers, { history: 'replace' });
  return useMemo(
    () => ({
      level: state.level,
      selection: parseSelection(state.sel),
      isPaused: state.paused,
      atMs: state.at?.getTime() ?? null,
      isTable: state.table,
      hasNotes: state.notes,
      still: state.still,
      showInternal: state.internal,
      foldIdle: state.fold,
      select: (selection) => void set({ sel: selection === null ? null : formatSelection(selection) }),
      setLevel: (level) => void set({ level }),
      setPaused: (paused) => void set({ paused }),
      goTo: (atMs) => void set({ at: atMs === null ? null : new Date(Math.round(atMs)), paused: null }),
      setTable: (table) => void set({ table }),
      setNotes: (notes) => void set({ notes }),
      setStill: (still) => void set({ still }),
      setShowInternal: (internal) => void set({ internal }),
      setFoldIdle: (fold) => void set({ fold }),
    }),
    [state, set],
  );
}
