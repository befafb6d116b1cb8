// The clusters that somebody attached, by the console's own id.

import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

export interface RememberedCluster {
  readonly id: string;
  readonly name: string;
  /** host:port, separated by commas. */
  readonly bootstrap: string;
  readonly createdAtMs: number;
}

/** More than this is not a console's list any more; the next attach is refused. */
export const maxClusters = 200;

type Row = { readonly id: string; readonly name: string; readonly bootstrap: string; readonly createdAtMs: bigint };

function toCluster(row: Row): RememberedCluster {
  return { ...row, createdAtMs: Number(row.createdAtMs) };
}

/** Oldest first. */
export async function listClusters(db: Database): Promise<readonly RememberedCluster[]> {
  return (await db.cluster.findMany({ orderBy: { createdAtMs: 'asc' } })).map(toCluster);
}

export async function findCluster(db: Database, id: string): Promise<RememberedCluster | null> {
  const row = await db.cluster.findUnique({ where: { id } });
  return row === null ? null : toCluster(row);
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly cluster: RememberedCluster }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'too-many' };

/** Remembers a cluster under a new id; names are unique. */
export async function saveCluster(
  db: Database,
  input: { readonly name: string; readonly bootstrap: string; readonly nowMs: number },
): Promise<SaveOutcome> {
  if ((await db.cluster.findUnique({ where: { name: input.name } })) !== null) return { kind: 'name-taken' };
  if ((await db.cluster.count()) >= maxClusters) return { kind: 'too-many' };
  const row = await db.cluster.create({
    data: { id: randomUUID(), name: input.name, bootstrap: input.bootstrap, createdAtMs: BigInt(input.nowMs) },
  });
  return { kind: 'saved', cluster: toCluster(row) };
}

/** Answers false when there is no such cluster or the name is taken. */
export async function renameCluster(db: Database, id: string, name: string): Promise<boolean> {
  const holder = await db.cluster.findUnique({ where: { name } });
  if (holder !== null && holder.id !== id) return false;
  return (await db.cluster.updateMany({ where: { id }, data: { name } })).count === 1;
}

/** Forgets a cluster with its record, timeline and saved views. Answers false when there was none. */
export async function removeCluster(db: Database, id: string): Promise<boolean> {
  const [, , , removed] = await db.$transaction([
    db.keyframe.deleteMany({ where: { clusterId: id } }),
    db.timelineEvent.deleteMany({ where: { clusterId: id } }),
    db.savedView.deleteMany({ where: { clusterId: id } }),
    db.cluster.deleteMany({ where: { id } }),
  ]);
  return removed.count === 1;
}
