// @vitest-environment happy-dom
// Replays from the form to the records in the target, over the real jobs and topics in memory.
import { screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { ClusterPort } from '#server/cluster/port.ts';
import { ReplayJobs, toSummary, type JournalledJob } from '#server/messages/replay-jobs.ts';
import type { ReplaySource } from '#server/messages/replay-model.ts';
import { MemoryCluster, rawRecord } from '#server/messages/testing/memory-topic.ts';
import { RangeReplay } from './range-replay.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { ReplayWindow } from './replay-window.tsx';

function rig() {
  const cluster = new MemoryCluster();
  cluster.create('orders', 2);
  cluster.create('copy', 2);
  for (let index = 0; index < 5; index += 1) cluster.append('orders', 0, rawRecord(0, `a${index}`, 'k'));
  cluster.append('orders', 1, rawRecord(0, 'b0'));
  cluster.append('orders', 1, { ...rawRecord(0, 'b9'), at: 9 });
  const journal = new Map<string, JournalledJob>();
  const lease = () => Promise.resolve({ port: cluster.port, release: () => undefined });
  const replays = new ReplayJobs({
    lease,
    journal: {
      save: (entry) => Promise.resolve(void journal.set(entry.job.id, entry)),
      list: () => Promise.resolve([...journal.values()].map(({ job }) => toSummary(job))),
      find: (_clusterId, id) => Promise.resolve(journal.get(id) ?? null),
    },
    nowMs: () => 1_795_379_797_060,
    newId: () => 'job-1',
  });
  const listTopics = () =>
    Promise.resolve(
      [...cluster.topics].map(([name, partitions]) => ({ name, partitionCount: partitions.length, isInternal: false })),
    ) as unknown as ReturnType<ClusterPort['listTopics']>;
  return { cluster, replays, stage: { port: { ...cluster.port, listTopics }, rooms: { replays } } };
}

function showRange() {
  const rigged = rig();
  const onStarted = vi.fn();
  return { ...rigged, onStarted, ...show(<RangeReplay topic="orders" onClose={vi.fn()} onStarted={onStarted} />, rigged.stage) };
}

function showPicked(records: Extract<ReplaySource, { kind: 'picked' }>['records']) {
  const rigged = rig();
  const source: ReplaySource = { kind: 'picked', topic: 'orders', records };
  return { ...rigged, ...show(<ReplayDialog source={source} onClose={vi.fn()} onStarted={vi.fn()} />, rigged.stage) };
}

const target = () => screen.getByRole('combobox', { name: 'To topic' });
const previewRows = () =>
  within(screen.getByRole('region', { name: 'What would be sent' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) =>
      within(row)
        .getAllByRole('cell')
        .map((cell) => cell.textContent),
    );

test('a range counts records, not offsets: the gap is told apart', async () => {
  const { user } = showRange();
  await user.type(target(), 'copy');
  expect(await screen.findByRole('button', { name: 'Replay 7 records to copy' })).toBeTruthy();
  expect(previewRows().map((cells) => cells.slice(0, 5))).toEqual([
    ['0', '0', '5', '5', '0'],
    ['1', '0', '10', '2', '8'],
  ]);
});

test('the end of a range is not included, and a partition left out is not sent', async () => {
  const { user, cluster, onStarted } = showRange();
  await user.type(target(), 'copy');
  await user.click(screen.getByRole('checkbox', { name: 'Partition 1' }));
  await user.type(screen.getByRole('textbox', { name: 'First offset of partition 0' }), '1');
  await user.type(screen.getByRole('textbox', { name: 'End offset of partition 0' }), '3');
  await user.click(screen.getByRole('checkbox', { name: 'Keep each record in the partition of the same number' }));
  await user.click(await screen.findByRole('button', { name: 'Replay 2 records to copy' }));
  await waitFor(() => expect(onStarted).toHaveBeenCalledExactlyOnceWith('job-1'));
  await waitFor(() => expect(cluster.textsOf('copy', 0)).toEqual(['a1', 'a2']));
  expect(cluster.textsOf('copy', 1)).toEqual([]);
});

test('an end before its start is said at the field, and nothing can be started', async () => {
  const { user } = showRange();
  await user.type(target(), 'copy');
  await screen.findByRole('button', { name: 'Replay 7 records to copy' });
  await user.type(screen.getByRole('textbox', { name: 'First offset of partition 0' }), '4');
  await user.type(screen.getByRole('textbox', { name: 'End offset of partition 0' }), '4');
  expect(screen.getByText('The end lies before the start.')).toBeTruthy();
  await waitFor(() => expect(screen.getByRole('button', { name: /^Replay/ }).hasAttribute('disabled')).toBe(true));
});

test('picked records that are gone are named, and only the others are counted', async () => {
  const { user } = showPicked([
    { partition: 0, offset: 2 },
    { partition: 1, offset: 4 },
    { partition: 1, offset: 9 },
  ]);
  await user.type(target(), 'copy');
  expect(await screen.findByRole('button', { name: 'Replay 2 records to copy' })).toBeTruthy();
  expect(screen.getByText('One picked record is no longer there: 1:4.')).toBeTruthy();
});

test('nothing to send is nothing to start', async () => {
  const { user } = showPicked([{ partition: 1, offset: 4 }]);
  await user.type(target(), 'copy');
  expect((await screen.findByRole('button', { name: 'Replay 0 records to copy' })).hasAttribute('disabled')).toBe(true);
});

test('a long source is estimated at once, can be started, and is counted only when asked, once for all targets', async () => {
  const { user, cluster } = showRange();
  for (let index = 0; index < 3; index += 1) cluster.append('orders', 0, { ...rawRecord(0, 'late'), at: 5_000 * (index + 1) });
  await user.type(target(), 'copy');
  expect(await screen.findByRole('button', { name: 'Replay up to 15,011 records to copy' })).toBeTruthy();
  expect(cluster.scans).toBe(0);
  await user.click(screen.getByRole('button', { name: 'Count exactly' }));
  expect(await screen.findByRole('button', { name: 'Replay 10 records to copy' })).toBeTruthy();
  await user.clear(target());
  await user.type(target(), 'orders');
  expect(await screen.findByRole('button', { name: 'Replay 10 records to orders' })).toBeTruthy();
  expect(cluster.scans).toBe(1);
});

test('records of last month are foretold to go from a topic of seven days, unless they get new times', async () => {
  const { user, cluster } = showPicked([{ partition: 0, offset: 2 }]);
  cluster.configs = { 'cleanup.policy': 'delete', 'retention.ms': '604800000' };
  await user.type(target(), 'copy');
  expect(await screen.findByText(/All of these records are older than the 7 d that copy keeps/)).toBeTruthy();
  await user.click(screen.getByRole('checkbox', { name: /own time/ }));
  await waitFor(() => expect(screen.queryByText(/older than the 7 d/)).toBeNull());
});

test('a topic replayed into itself is warned of', async () => {
  const { user } = showPicked([{ partition: 0, offset: 2 }]);
  await user.type(target(), 'orders');
  expect(await screen.findByText(/Source and target are one topic/)).toBeTruthy();
});

test('a target that is not there is said by its code, with nothing counted', async () => {
  const { user } = showPicked([{ partition: 0, offset: 2 }]);
  await user.type(target(), 'nowhere');
  expect((await screen.findByRole('alert')).textContent).toContain('UNKNOWN_TOPIC_OR_PARTITION');
  expect(screen.getByRole('button', { name: 'Replay' }).hasAttribute('disabled')).toBe(true);
});

test('the report says which offsets became which', async () => {
  const { replays, stage } = rig();
  const ranges = [
    { partition: 0, fromOffset: 1, toOffset: 4 },
    { partition: 1, fromOffset: null, toOffset: null },
  ];
  await replays.start({
    clusterId: 'c1',
    source: { kind: 'ranges', topic: 'orders', ranges },
    target: { clusterId: null, topic: 'copy', keepPartitions: true, keepTimestamps: true },
  });
  show(<ReplayWindow isOpen jobId="job-1" onJob={vi.fn()} onClose={vi.fn()} />, stage);
  expect(await screen.findByRole('heading', { name: /^Done/ })).toBeTruthy();
  const cells = screen.getAllByRole('row').map((row) =>
    within(row)
      .queryAllByRole('cell')
      .map((cell) => cell.textContent),
  );
  expect(cells.slice(1)).toEqual([
    ['0: 1–3', '0: 0–2', '3'],
    ['1: 0–9', '1: 0–1', '2'],
    ['All', '', '5'],
  ]);
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
});

test('an unknown replay is said to be unknown, not shown as one that waits', async () => {
  const { stage } = rig();
  show(<ReplayWindow isOpen jobId="gone" onJob={vi.fn()} onClose={vi.fn()} />, stage);
  expect((await screen.findByRole('alert')).textContent).toContain('UNKNOWN_JOB');
});
