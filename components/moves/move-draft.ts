// What a person chose for a partition, and what it comes to. Pure.

export interface MoveDraft {
  readonly chosen: ReadonlySet<number>;
  /** The first choice to lead. */
  readonly first: number | null;
}

export type MoveVerdict = 'empty' | 'same' | 'reordered' | 'moves';

export interface MovePreview {
  readonly to: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
  /** To be copied; null: the size isn't known. */
  readonly bytes: number | null;
  readonly verdict: MoveVerdict;
}

export function toDraft(replicas: readonly number[]): MoveDraft {
  return { chosen: new Set(replicas), first: replicas[0] ?? null };
}

/** Takes a broker in or out; the first choice stays while it is chosen. */
export function toggle(draft: MoveDraft, brokerId: number): MoveDraft {
  const chosen = new Set(draft.chosen);
  if (!chosen.delete(brokerId)) chosen.add(brokerId);
  const first = draft.first !== null && chosen.has(draft.first) ? draft.first : ([...chosen][0] ?? null);
  return { chosen, first };
}

/** First choice first, then who stays in its order, then the newcomers. */
export function previewMove(from: readonly number[], draft: MoveDraft, sizeBytes: number | null): MovePreview {
  const staying = from.filter((id) => draft.chosen.has(id));
  const adding = [...draft.chosen].filter((id) => !from.includes(id)).toSorted((a, b) => a - b);
  const rest = [...staying, ...adding].filter((id) => id !== draft.first);
  const to = draft.first === null ? rest : [draft.first, ...rest];
  const removing = from.filter((id) => !draft.chosen.has(id));
  const bytes = adding.length === 0 ? 0 : sizeBytes === null ? null : sizeBytes * adding.length;
  return { to, adding, removing, bytes, verdict: verdictOf(from, to, adding.length + removing.length) };
}

function verdictOf(from: readonly number[], to: readonly number[], changes: number): MoveVerdict {
  if (to.length === 0) return 'empty';
  if (changes > 0) return 'moves';
  return to.every((id, index) => id === from[index]) ? 'same' : 'reordered';
}
