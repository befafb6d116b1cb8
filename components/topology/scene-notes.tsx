// The curator's notes: what crown, solid and hollow mean, each beside a real example that is on the shelves now.
// A note without an example isn't shown.
'use client';

import { useTranslations } from 'next-intl';
import styles from './scene-notes.module.css';
import type { Layout, CellPlace, Rect } from './scene/layout.ts';
import type { Point } from './scene/path.ts';
import type { Scene } from './scene/scene.ts';

interface Note {
  readonly id: string;
  readonly text: string;
  readonly at: Point;
  readonly align: 'left' | 'right';
  readonly lead: string;
  readonly ring: Point | null;
}

export function SceneNotes({ scene, layout }: { readonly scene: Scene; readonly layout: Layout }): React.JSX.Element | null {
  const t = useTranslations('live.notes');
  if (layout.noteRows.length === 0) return null;
  // Notes at the left share one column: each takes a row that no other has, wherever the crown happens to be.
  const crownRow = rowOf(layout, scene.state.controllerId ?? -1);
  const leader = leaderNote(layout, t, [crownRow]);
  const taken = leader === null ? [crownRow] : [crownRow, layout.noteRows.indexOf(leader.at)];
  const notes = [
    crownNote(scene, layout, t),
    leader,
    copyNote(layout, t),
    gapNote(layout, t, taken) ?? absentNote(layout, t, taken) ?? waitingNote(layout, t, taken),
  ].filter((note) => note !== null);
  return (
    <>
      <svg className={styles.noteLines} aria-hidden="true">
        {notes.map((note) => (
          <g key={note.id}>
            <path d={note.lead} />
            {note.ring === null ? null : <circle cx={note.ring.x} cy={note.ring.y} r="2.6" />}
          </g>
        ))}
      </svg>
      {notes.map((note) => (
        <p key={note.id} className={styles.note} data-align={note.align} style={{ left: note.at.x, top: note.at.y - 12 }}>
          {note.text}
        </p>
      ))}
    </>
  );
}

/** A hyphen between word joiners: a partition's name is never torn over two lines. */
const unbroken = '\u2060-\u2060';

type Words = ReturnType<typeof useTranslations<'live.notes'>>;

function rowOf(layout: Layout, brokerId: number): number {
  return layout.cabinets.findIndex((cabinet) => cabinet.brokerId === brokerId);
}

function crownNote(scene: Scene, layout: Layout, t: Words): Note | null {
  const row = rowOf(layout, scene.state.controllerId ?? -1);
  const at = layout.noteRows[row];
  if (at === undefined) return null;
  const crownX = at.x + 84;
  return { id: 'crown', text: t('crown'), at, align: 'left', lead: `M${crownX} ${at.y - 13}V${at.y - 24}`, ring: null };
}

/** Points at a cell from the row of notes under its shelf; the lip's text stays free. */
function pointAt(cell: Rect, noteY: number): { readonly lead: string; readonly ring: Point; readonly x: number } {
  const x = cell.x + cell.width / 2;
  const bottom = cell.y + cell.height + 2.6;
  return { x, lead: `M${x} ${noteY - 13}V${noteY - 25}M${x} ${noteY - 45}V${bottom + 2.6}`, ring: { x, y: bottom } };
}

function freeRows(layout: Layout, taken: readonly number[]): readonly number[] {
  return layout.noteRows.map((_, row) => row).filter((row) => !taken.includes(row));
}

function leaderNote(layout: Layout, t: Words, taken: readonly number[]): Note | null {
  for (const row of freeRows(layout, taken)) {
    const cell = layout.cells
      .filter(
        (place) =>
          rowOf(layout, place.cell.brokerId) === row && place.cell.state === 'leader' && place.x < layout.cabinets[row]!.faces[0]!.x + 200,
      )
      .at(-1);
    if (cell === undefined) continue;
    const pointer = pointAt(cell, layout.noteRows[row]!.y);
    return {
      id: 'leader',
      text: t('leader', { partition: `${cell.cell.topic}${unbroken}${cell.cell.partition}` }),
      at: layout.noteRows[row]!,
      align: 'left',
      lead: pointer.lead,
      ring: pointer.ring,
    };
  }
  return null;
}

function copyNote(layout: Layout, t: Words): Note | null {
  // The lowest cell of its face: a pointer from below then crosses no other.
  const onRight = layout.cells
    .filter((place) => isOnRightFace(layout, place))
    .toSorted((a, b) => rowOf(layout, a.cell.brokerId) - rowOf(layout, b.cell.brokerId) || b.y - a.y || a.x - b.x);
  const wanted = (['out-of-sync', 'follower'] as const)
    .map((state) => onRight.find((place) => place.cell.state === state))
    .find((place) => place !== undefined);
  if (wanted === undefined) return null;
  const row = rowOf(layout, wanted.cell.brokerId);
  const at = layout.noteRows[row];
  if (at === undefined) return null;
  const pointer = pointAt(wanted, at.y);
  const text = wanted.cell.state === 'out-of-sync' ? t('outOfSync') : t('follower');
  return { id: 'copy', text, at: { x: layout.cabinets[row]!.facts.x, y: at.y }, align: 'left', lead: pointer.lead, ring: pointer.ring };
}

function isOnRightFace(layout: Layout, place: CellPlace): boolean {
  const cabinet = layout.cabinets.find((candidate) => candidate.brokerId === place.cell.brokerId);
  return cabinet?.faces[1] !== undefined && place.x >= cabinet.faces[1].x;
}

/** Where nothing is replicated the last row is free to say what the faint places are. */
function absentNote(layout: Layout, t: Words, taken: readonly number[]): Note | null {
  const row = freeRows(layout, taken).at(-1) ?? -1;
  const at = layout.noteRows[row];
  const cell = layout.cells
    .filter((place) => rowOf(layout, place.cell.brokerId) === row && place.cell.state === 'absent' && !isOnRightFace(layout, place))
    .at(-1);
  if (at === undefined || cell === undefined) return null;
  const pointer = pointAt(cell, at.y);
  return { id: 'absent', text: t('absent'), at, align: 'left', lead: pointer.lead, ring: pointer.ring };
}

/** An empty shelf says what its dashed places are for. */
function waitingNote(layout: Layout, t: Words, taken: readonly number[]): Note | null {
  const row = freeRows(layout, taken).at(-1) ?? -1;
  const at = layout.noteRows[row];
  const face = layout.cabinets[row]?.faces[0];
  if (at === undefined || face === undefined || layout.cells.length > 0) return null;
  const place = layout.waiting
    .filter((one) => one.y > face.y && one.y < face.y + face.height && one.x < face.x + 60)
    .toSorted((a, b) => b.y - a.y || b.x - a.x)[0];
  if (place === undefined) return null;
  const pointer = pointAt(place, at.y);
  return { id: 'waiting', text: t('waiting'), at, align: 'left', lead: pointer.lead, ring: pointer.ring };
}

function gapNote(layout: Layout, t: Words, taken: readonly number[]): Note | null {
  if (taken.includes(layout.noteRows.length - 1)) return null;
  const last = layout.noteRows.at(-1);
  const ends = layout.tubes.filter((tube) => tube.kind === 'replicate').map((tube) => tube.route.points[2]!);
  const track = ends.toSorted((a, b) => b.y - a.y || b.x - a.x)[0];
  if (last === undefined || track === undefined) return null;
  return {
    id: 'gap',
    text: t('gap'),
    at: last,
    align: 'left',
    lead: `M${last.x + 214} ${last.y + 4}H${track.x}V${track.y + 18}`,
    ring: { x: track.x, y: track.y + 15.4 },
  };
}
