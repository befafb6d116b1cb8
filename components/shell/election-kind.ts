// How a leader came to lead when nobody was in sync, as the stored event says by its cause. It came from a store that
// outlives releases: what doesn't look like one of these is none.

export type ElectionKind = 'eligible' | 'last-known' | 'unclean';

const kinds: Readonly<Record<string, ElectionKind>> = {
  'elected-eligible': 'eligible',
  'elected-last-known': 'last-known',
  'elected-unclean': 'unclean',
};

interface StoredEvent {
  readonly kind: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** null: any other event, or an election as it always is. */
export function electionKindOf({ kind, detail }: StoredEvent): ElectionKind | null {
  if (kind !== 'leader-changed') return null;
  const why = detail['why'];
  if (typeof why !== 'object' || why === null || !('kind' in why) || typeof why.kind !== 'string') return null;
  return Object.hasOwn(kinds, why.kind) ? kinds[why.kind]! : null;
}

/** Records that were acknowledged may be lost. */
export function isUncleanElection(event: StoredEvent): boolean {
  const kind = electionKindOf(event);
  return kind === 'last-known' || kind === 'unclean';
}
