import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listClusters, removeCluster, renameCluster, saveCluster } from './clusters.ts';
import { openDatabase, type Database } from './database.ts';
import { appendEvents, countEvents, eventsOfKinds, listEvents, maxEventsPerCluster } from './events.ts';
import { listMigrations, migrateDatabase } from './migrate.ts';
import { findReplayJob, listReplayJobs, markInterruptedJobs, saveReplayJob } from './replay-jobs.ts';
import { listViews, maxViewsPerPage, removeView, renameView, saveView } from './views.ts';

let directory: string;
let db: Database;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-db-'));
  const file = join(directory, 'console.db');
  expect((await migrateDatabase(file)).length).toBeGreaterThan(0);
  expect(await migrateDatabase(file), 'a second start has nothing to apply').toEqual([]);
  db = openDatabase(file);
});

afterAll(async () => {
  await db.$disconnect();
  rmSync(directory, { recursive: true });
});

test('two clusters can not share a name, neither when attached nor when renamed', async () => {
  const first = await saveCluster(db, { name: 'staging', bootstrap: '127.0.0.1:19092', nowMs: 1 });
  expect(first.kind).toBe('saved');
  expect((await saveCluster(db, { name: 'staging', bootstrap: '127.0.0.1:1', nowMs: 2 })).kind).toBe('name-taken');
  const second = await saveCluster(db, { name: 'other', bootstrap: '127.0.0.1:29092', nowMs: 3 });
  if (first.kind !== 'saved' || second.kind !== 'saved') throw new Error('not saved');
  expect(await renameCluster(db, second.cluster.id, 'staging')).toBe(false);
  expect(await renameCluster(db, second.cluster.id, 'other')).toBe(true);
  expect((await listClusters(db)).map((cluster) => cluster.name)).toEqual(['staging', 'other']);
});

test('a forgotten cluster takes its timeline and its views with it', async () => {
  const saved = await saveCluster(db, { name: 'gone', bootstrap: '127.0.0.1:1', nowMs: 9 });
  if (saved.kind !== 'saved') throw new Error('not saved');
  await appendEvents(db, saved.cluster.id, [{ atMs: 1, kind: 'topic-created', subject: 'orders', cause: '', detail: {} }]);
  const view = { clusterId: saved.cluster.id, page: 'topics', name: 'v', search: '', mayReplace: false, nowMs: 1 };
  await saveView(db, view);
  expect(await removeCluster(db, saved.cluster.id)).toBe(true);
  expect(await removeCluster(db, saved.cluster.id)).toBe(false);
  expect(await listEvents(db, { clusterId: saved.cluster.id, beforeMs: null, limit: 10 })).toEqual([]);
  expect(await listViews(db, view)).toEqual([]);
});

test('the timeline keeps the newest events and pages backwards by time', async () => {
  const entries = Array.from({ length: maxEventsPerCluster + 1_500 }, (_, index) => ({
    atMs: index,
    kind: 'k',
    subject: `s${index}`,
    cause: 'c',
    detail: { index },
  }));
  for (let at = 0; at < entries.length; at += 2_000) await appendEvents(db, 'busy', entries.slice(at, at + 2_000));
  expect(await db.timelineEvent.count({ where: { clusterId: 'busy' } })).toBeLessThanOrEqual(maxEventsPerCluster + 1_000);
  const newest = await listEvents(db, { clusterId: 'busy', beforeMs: null, limit: 2 });
  expect(newest.map((event) => event.atMs)).toEqual([21_499, 21_498]);
  const older = await listEvents(db, { clusterId: 'busy', beforeMs: 21_498, limit: 1 });
  expect(older[0]?.detail).toEqual({ index: 21_497 });
});

test('events of one kind are all counted, however many others are newer, and what was trimmed is told', async () => {
  const rare = { atMs: 100, kind: 'isr-changed', subject: 'orders-0', cause: '', detail: {} };
  await appendEvents(db, 'counted', [
    { ...rare, atMs: 1 },
    rare,
    ...Array.from({ length: 150 }, () => ({ ...rare, kind: 'topic-created' })),
  ]);
  expect(await countEvents(db, { clusterId: 'counted', kind: 'isr-changed', sinceMs: 50 })).toEqual({ count: 1, isWhole: true });
  const whole = [21_490, 0].map((sinceMs) => countEvents(db, { clusterId: 'busy', kind: 'k', sinceMs }));
  expect(
    (await Promise.all(whole)).map(({ isWhole }) => isWhole),
    'the timeline of the test before is trimmed',
  ).toEqual([true, false]);
});

test('a full disk is among what is kept of its kinds, however many topics were deleted since', async () => {
  const full = { atMs: 1, kind: 'disk-full', subject: 'broker 2', cause: '', detail: { brokerId: 2, directory: '/data' } };
  const deleted = Array.from({ length: 2_500 }, (_, index) => ({
    atMs: 2 + index,
    kind: 'topic-deleted',
    subject: '',
    cause: '',
    detail: {},
  }));
  await appendEvents(db, 'tenants', [full, { ...full, kind: 'topic-created' }, ...deleted]);
  const kept = await eventsOfKinds(db, 'tenants', ['disk-full', 'topic-deleted']);
  expect(kept).toHaveLength(2_501);
  expect(kept[0]).toMatchObject(full);
});

test('views that were saved before views belonged to a cluster belong to the embedded one', async () => {
  const old = openDatabase(join(directory, 'old.db'));
  const statements = listMigrations()
    .migrationDirectories.flatMap(({ migrationFile }) => migrationFile.content.value.split(';'))
    .map((sql) => sql.trim())
    .filter((sql) => sql !== '');
  const isNew = (sql: string): boolean => sql.includes('new_SavedView');
  const firstNew = statements.findIndex(isNew);
  for (const sql of statements.slice(0, firstNew)) await old.$executeRawUnsafe(sql);
  await old.$executeRawUnsafe(`INSERT INTO "SavedView" ("page", "name", "search", "createdAtMs") VALUES ('topics', 'mine', 'q=a', 1)`);
  for (const sql of statements.slice(firstNew)) await old.$executeRawUnsafe(sql);
  expect(await listViews(old, { clusterId: 'embedded', page: 'topics' })).toMatchObject([{ id: 1, name: 'mine', search: 'q=a' }]);
  await old.$disconnect();
});

const shelf = { clusterId: 'c1', page: 'messages' };
const draft = { ...shelf, name: 'mine', search: '?a=1', mayReplace: false, nowMs: 1 };

test('a view is written over only when that was asked for', async () => {
  expect((await saveView(db, draft)).kind).toBe('saved');
  expect(await saveView(db, { ...draft, search: '?a=2' })).toEqual({ kind: 'name-taken' });
  expect((await listViews(db, shelf)).map((view) => view.search)).toEqual(['?a=1']);
  expect((await saveView(db, { ...draft, search: '?a=2', mayReplace: true })).kind).toBe('saved');
  expect((await listViews(db, shelf)).map((view) => view.search)).toEqual(['?a=2']);
});

test('views of one name on two clusters or two pages are strangers', async () => {
  for (const other of [{ clusterId: 'c2' }, { page: 'topics' }]) expect((await saveView(db, { ...draft, ...other })).kind).toBe('saved');
  expect((await listViews(db, shelf)).length).toBe(1);
  const [foreign] = await listViews(db, { ...shelf, clusterId: 'c2' });
  expect(await removeView(db, { clusterId: 'c1', id: foreign?.id ?? -1 }), 'not by way of another cluster').toBe(false);
  expect(await renameView(db, { clusterId: 'c1', id: foreign?.id ?? -1, name: 'x' })).toEqual({ kind: 'gone' });
  expect(await removeView(db, { clusterId: 'c2', id: foreign?.id ?? -1 })).toBe(true);
});

test('a view can not be renamed onto another, but onto its own name', async () => {
  await saveView(db, { ...draft, name: 'other' });
  const other = (await listViews(db, shelf)).find((view) => view.name === 'other');
  const rename = (name: string) => renameView(db, { clusterId: 'c1', id: other?.id ?? -1, name });
  expect(await rename('mine')).toEqual({ kind: 'name-taken' });
  expect((await rename('other')).kind).toBe('saved');
  expect((await rename('third')).kind).toBe('saved');
  expect((await listViews(db, shelf)).map((view) => view.name)).toEqual(['mine', 'third']);
});

test('a full page of views takes no new one, but a known one anew', async () => {
  const full = { ...draft, clusterId: 'full' };
  for (let index = 0; index < maxViewsPerPage; index += 1) await saveView(db, { ...full, name: `v${index}` });
  expect(await saveView(db, { ...full, name: 'one too many' })).toEqual({ kind: 'full' });
  expect((await saveView(db, { ...full, name: 'v0', mayReplace: true })).kind).toBe('saved');
  expect((await saveView(db, { ...full, page: 'topics' })).kind).toBe('saved');
});

test('a replay that was running when the console stopped is told as interrupted', async () => {
  const job = { id: 'j1', clusterId: 'c', startedAtMs: 5, endedAtMs: null, state: 'running', input: '{}', report: '{}', summary: '{}' };
  await saveReplayJob(db, job);
  await saveReplayJob(db, { ...job, id: 'j2', startedAtMs: 6, endedAtMs: 7, state: 'done' });
  expect(await markInterruptedJobs(db, 9)).toBe(1);
  expect((await listReplayJobs(db, 'c')).map(({ id, state, endedAtMs }) => [id, state, endedAtMs])).toEqual([
    ['j2', 'done', 7],
    ['j1', 'interrupted', 9],
  ]);
  // A list reads no report; one at a time has its own.
  expect(Object.keys((await listReplayJobs(db, 'c'))[0] ?? {})).not.toContain('report');
  expect(await findReplayJob(db, 'c', 'j2')).toMatchObject({ report: '{}', endedAtMs: 7 });
  expect(await findReplayJob(db, 'another', 'j2')).toBeNull();
});
