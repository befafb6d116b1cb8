// Saved views: a page's search parameters under a name, by cluster. The URL holds the whole view, so nothing else is kept.

import type { Database } from './database.ts';

/** Where a view belongs: names are unique within. */
export interface ViewShelf {
  readonly clusterId: string;
  readonly page: string;
}

export interface SavedView extends ViewShelf {
  readonly id: number;
  readonly name: string;
  readonly search: string;
}

export type SavedViewOutcome =
  | { readonly kind: 'saved'; readonly view: SavedView }
  | { readonly kind: 'name-taken' }
  | { readonly kind: 'full' }
  | { readonly kind: 'gone' };

/** A list that is longer than this is no longer found by its names. */
export const maxViewsPerPage = 50;

const columns = { id: true, clusterId: true, page: true, name: true, search: true } as const;

/** By name. */
export function listViews(db: Database, { clusterId, page }: ViewShelf): Promise<readonly SavedView[]> {
  return db.savedView.findMany({ where: { clusterId, page }, orderBy: { name: 'asc' }, select: columns, take: maxViewsPerPage });
}

export interface ViewDraft extends ViewShelf {
  readonly name: string;
  readonly search: string;
  /** Whether a view of this name may be written over; else its name counts as taken. */
  readonly mayReplace: boolean;
}

export async function saveView(db: Database, draft: ViewDraft & { readonly nowMs: number }): Promise<SavedViewOutcome> {
  const { clusterId, page, name, search, mayReplace } = draft;
  const key = { clusterId_page_name: { clusterId, page, name } };
  const known = await db.savedView.findUnique({ where: key });
  if (known !== null && !mayReplace) return { kind: 'name-taken' };
  if (known === null && (await db.savedView.count({ where: { clusterId, page } })) >= maxViewsPerPage) return { kind: 'full' };
  const view = await db.savedView.upsert({
    where: key,
    update: { search },
    create: { clusterId, page, name, search, createdAtMs: BigInt(draft.nowMs) },
    select: columns,
  });
  return { kind: 'saved', view };
}

export async function renameView(
  db: Database,
  { clusterId, id, name }: { readonly clusterId: string; readonly id: number; readonly name: string },
): Promise<SavedViewOutcome> {
  const known = await db.savedView.findFirst({ where: { id, clusterId }, select: columns });
  if (known === null) return { kind: 'gone' };
  const holder = await db.savedView.findUnique({ where: { clusterId_page_name: { clusterId, page: known.page, name } } });
  if (holder !== null && holder.id !== id) return { kind: 'name-taken' };
  const view = await db.savedView.update({ where: { id }, data: { name }, select: columns });
  return { kind: 'saved', view };
}

/** Answers false when there was none. */
export async function removeView(db: Database, { clusterId, id }: { readonly clusterId: string; readonly id: number }): Promise<boolean> {
  return (await db.savedView.deleteMany({ where: { id, clusterId } })).count === 1;
}
