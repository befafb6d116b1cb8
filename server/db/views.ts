// Saved views: a page's search parameters under a name. The URL holds the whole view, so nothing else is kept.

import type { Database } from './database.ts';

export interface SavedView {
  readonly id: number;
  readonly page: string;
  readonly name: string;
  readonly search: string;
}

export const maxViews = 500;

/** By page, then name. */
export async function listViews(db: Database): Promise<readonly SavedView[]> {
  return db.savedView.findMany({ orderBy: [{ page: 'asc' }, { name: 'asc' }], select: { id: true, page: true, name: true, search: true } });
}

/** Saves under (page, name), replacing what stood there; null when the list is full. */
export async function saveView(db: Database, view: Omit<SavedView, 'id'> & { readonly nowMs: number }): Promise<SavedView | null> {
  const key = { page_name: { page: view.page, name: view.name } };
  const known = await db.savedView.findUnique({ where: key });
  if (known === null && (await db.savedView.count()) >= maxViews) return null;
  const row = await db.savedView.upsert({
    where: key,
    update: { search: view.search },
    create: { page: view.page, name: view.name, search: view.search, createdAtMs: BigInt(view.nowMs) },
  });
  return { id: row.id, page: row.page, name: row.name, search: row.search };
}

/** Answers false when there was none. */
export async function removeView(db: Database, id: number): Promise<boolean> {
  return (await db.savedView.deleteMany({ where: { id } })).count === 1;
}
