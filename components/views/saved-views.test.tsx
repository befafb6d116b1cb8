// @vitest-environment happy-dom
// From the button to the database file and back.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { screen, within } from '@testing-library/react';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clusterId, show } from '#components/testing/console.tsx';
import type { ViewStore } from '#server/api/context.ts';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import { openDatabase, type Database } from '#server/db/database.ts';
import { migrateDatabase } from '#server/db/migrate.ts';
import { listViews, maxViewsPerPage, removeView, renameView, saveView } from '#server/db/views.ts';
import { SavedViews } from './saved-views.tsx';

let directory: string;
let db: Database;
let store: ViewStore;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-views-'));
  const file = join(directory, 'console.db');
  await migrateDatabase(file);
  db = openDatabase(file);
  store = {
    list: (shelf) => listViews(db, shelf),
    save: (draft) => saveView(db, { ...draft, nowMs: 1 }),
    rename: (input) => renameView(db, input),
    remove: (input) => removeView(db, input),
  };
});
beforeEach(() => db.savedView.deleteMany());
afterAll(async () => {
  await db.$disconnect();
  rmSync(directory, { recursive: true });
});

const shelf = { clusterId, page: 'topics' as const };
const keep = (name: string, search: string) => saveView(db, { ...shelf, name, search, mayReplace: false, nowMs: 1 });
const names = async () => (await listViews(db, shelf)).map((view) => `${view.name}?${view.search}`);

async function open(search = 'q=or&create=true', change: Partial<ViewStore> = {}) {
  const shown = show(<SavedViews page="topics" />, { rooms: { views: { ...store, ...change } }, search });
  await shown.user.click(await screen.findByRole('button', { name: /^Views/ }));
  return { ...shown, dialog: within(await screen.findByRole('dialog')) };
}

const nameField = () => screen.getByRole('textbox', { name: 'Keep what is shown now, as' });

test('the present view is kept under its name, by the keyboard alone, and the button says that it is shown', async () => {
  const { user, dialog } = await open();
  expect(await dialog.findByText('No view is saved yet')).toBeTruthy();
  await user.type(nameField(), '  all of or {Enter}');
  const link = await dialog.findByRole('link', { name: 'all of or' });
  expect(link.getAttribute('href')).toBe(`/c/${clusterId}/page?q=or`);
  expect(await names()).toEqual(['all of or?q=or']);
  expect(screen.getByRole('button', { name: 'Views: all of or is shown', hidden: true })).toBeTruthy();
});

test('a name that is taken is written over only behind a button that says so', async () => {
  await keep('mine', 'q=old');
  const { user, dialog } = await open();
  await dialog.findByRole('link', { name: 'mine' });
  await user.type(nameField(), 'mine');
  await user.click(dialog.getByRole('button', { name: 'Replace mine' }));
  await dialog.findByText('shown now');
  expect(await names()).toEqual(['mine?q=or']);
});

test('somebody else’s view of that name, saved meanwhile, is not written over', async () => {
  const { user, dialog } = await open();
  await dialog.findByText('No view is saved yet');
  await keep('mine', 'q=theirs');
  await user.type(nameField(), 'mine{Enter}');
  expect((await dialog.findByRole('alert')).textContent).toContain('NAME_TAKEN');
  expect(await names()).toEqual(['mine?q=theirs']);
});

test.each(['', '   '])('the name "%s" is none, and Enter saves nothing', async (text) => {
  const { user, dialog } = await open();
  await user.type(nameField(), `${text}{Enter}`);
  expect(dialog.getByRole('button', { name: 'Save this view' }).hasAttribute('disabled')).toBe(true);
  expect(await names()).toEqual([]);
});

test('a full list refuses one more with the reason', async () => {
  for (let index = 0; index < maxViewsPerPage; index += 1) await keep(`v${index}`, '');
  const { user, dialog } = await open();
  await user.type(nameField(), 'one more{Enter}');
  expect((await dialog.findByRole('alert')).textContent).toContain('LIST_FULL');
});

test('renaming keeps the view and refuses a name that is taken', async () => {
  await keep('a', 'q=1');
  await keep('b', 'q=2');
  const { user, dialog } = await open();
  await user.click(await dialog.findByRole('button', { name: 'Rename a' }));
  const field = dialog.getByRole('textbox', { name: 'New name of a' });
  await user.clear(field);
  await user.type(field, 'b{Enter}');
  expect((await dialog.findByRole('alert')).textContent).toContain('NAME_TAKEN');
  await user.type(field, 'c{Enter}');
  expect(await dialog.findByRole('link', { name: 'bc' })).toBeTruthy();
  expect(await names()).toEqual(['b?q=2', 'bc?q=1']);
});

test('deleting asks first, and keeping is where the focus is', async () => {
  await keep('a', 'q=1');
  const { user, dialog } = await open();
  await user.click(await dialog.findByRole('button', { name: 'Delete a' }));
  await user.keyboard('{Enter}');
  expect(await names()).toEqual(['a?q=1']);
  await user.click(dialog.getByRole('button', { name: 'Delete a' }));
  await user.click(within(dialog.getByRole('group', { name: 'Delete the view a?' })).getByRole('button', { name: 'Delete a' }));
  expect(await dialog.findByText('No view is saved yet')).toBeTruthy();
  expect(await names()).toEqual([]);
});

test('a list that could not be read is no empty list, and can be asked again', async () => {
  const answers = [() => Promise.reject(clusterSaid('TIMED_OUT', 'the store is busy'))];
  const { user, dialog } = await open('', { list: (of) => answers.shift()?.() ?? store.list(of) });
  expect((await dialog.findByRole('alert')).textContent).toContain('the store is busy');
  expect(dialog.queryByText('No view is saved yet')).toBeNull();
  await user.click(dialog.getByRole('button', { name: 'Try again' }));
  expect(await dialog.findByText('No view is saved yet')).toBeTruthy();
});
