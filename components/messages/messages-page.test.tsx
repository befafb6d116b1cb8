// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, ReadResult, RecordView } from '#server/cluster/port.ts';
import { record, text } from './messages.fixture.ts';
import { MessagesPage } from './messages-page.tsx';

const covered = (change: Partial<ReadResult['covered'][number]> = {}) => ({
  partition: 0,
  fromOffset: 0,
  toOffset: 3,
  startOffset: 0,
  endOffset: 3,
  error: null,
  ...change,
});

const threeRecords: ReadResult = { records: [0, 1, 2].map((offset) => record(offset)), covered: [covered()] };

function page(search: string, answer: () => Promise<ReadResult> = () => Promise.resolve(threeRecords)) {
  const read = vi.fn<ClusterPort['read']>(answer);
  const produce = vi.fn<ClusterPort['produce']>(([one]) =>
    Promise.resolve([{ topic: one?.topic ?? '', partition: one?.partition ?? 0, offset: 42 }]),
  );
  const topics = ['orders', 'payments'].map((name) => ({ name, partitionCount: 2 }));
  const listTopics = () => Promise.resolve(topics as unknown as Awaited<ReturnType<ClusterPort['listTopics']>>);
  const onReplay = vi.fn();
  const shown = show(<MessagesPage onReplay={onReplay} otherActions={null} />, { port: { read, produce, listTopics }, search });
  return { ...shown, read, produce, onReplay };
}
const rows = async () => within(await screen.findByRole('table', { name: 'Records' })).getAllByRole('button', { name: /^Open offset/ });

test('without a topic nothing is read and nothing can be sent', async () => {
  const { read } = page('');
  expect(await screen.findByText('No topic is open')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Read' }).hasAttribute('disabled')).toBe(true);
  expect(screen.getByRole('button', { name: 'Produce' }).hasAttribute('disabled')).toBe(true);
  expect(read).not.toHaveBeenCalled();
});

test.each([
  ['topic=orders', { partitions: null, from: { kind: 'newest' }, limit: 100 }],
  [
    'topic=orders&from=offset&offset=9007199254740991&p=1,0&limit=50',
    { partitions: [1, 0], from: { kind: 'offset', offset: 9007199254740991 }, limit: 50 },
  ],
  [
    'topic=orders&from=timestamp&at=2026-11-22T13:59:31.5',
    { partitions: null, from: { kind: 'timestamp', timestampMs: 1795355971500 }, limit: 100 },
  ],
  ['topic=orders&from=elsewhere&offset=x&limit=y', { partitions: null, from: { kind: 'newest' }, limit: 100 }],
])('the address %s asks for exactly that', async (search, asked) => {
  const { read } = page(search);
  await rows();
  expect(read).toHaveBeenCalledTimes(1);
  expect(read.mock.calls[0]?.[0]).toMatchObject({ topic: 'orders', ...asked });
});

test.each(['limit=1001', 'limit=0', 'p=-1', 'topic=not%20a%20topic'])(
  'an address with %s is refused with a reason, and reads nothing',
  async (part) => {
    const { read } = page(`topic=orders&${part}`.replace(/^topic=orders&(topic=.*)$/, '$1'));
    expect(await screen.findByRole('alert')).toBeTruthy();
    expect(read).not.toHaveBeenCalled();
  },
);

test('a time that is none is said at the field and does not move the view', async () => {
  const { user, address } = page('topic=orders&from=timestamp&at=2026-11-22T13:00:00Z');
  await rows();
  const field = screen.getByRole('textbox', { name: 'Time (UTC)' });
  await user.clear(field);
  await user.type(field, '2026-13-45');
  expect(screen.getByText('As 2026-11-22 13:59:31')).toBeTruthy();
  expect(new URLSearchParams(address.search).get('at')).toBe('2026-11-22T13:00:00Z');
});

test('one partition that failed is named; the rows of the others stand', async () => {
  const answer = { ...threeRecords, covered: [covered(), covered({ partition: 1, error: 'NOT_LEADER_OR_FOLLOWER' })] };
  page('topic=orders', () => Promise.resolve(answer));
  expect(await rows()).toHaveLength(3);
  const alert = screen.getByRole('alert');
  expect(alert.textContent).toContain('Partition 1 could not be read.');
  expect(alert.textContent).toContain('NOT_LEADER_OR_FOLLOWER');
});

test('an empty place in the log is no failure, and a failure is no empty log', async () => {
  const answers = [
    () => Promise.reject<ReadResult>(clusterSaid('TIMED_OUT', 'no answer in time')),
    () => Promise.resolve<ReadResult>({ records: [], covered: [covered()] }),
  ];
  const { user } = page('topic=orders', () => (answers.shift() ?? (() => Promise.reject(new Error('asked too often'))))());
  expect((await screen.findByRole('alert')).textContent).toContain('TIMED_OUT');
  expect(screen.queryByText('No records here')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('No records here')).toBeTruthy();
});

test('what is picked is counted, handed on exactly, stands in the address and can be put back', async () => {
  const records: RecordView[] = [record(0), record(5, { partition: 1 })];
  const { user, address, onReplay } = page('topic=orders', () => Promise.resolve({ ...threeRecords, records }));
  await rows();
  await user.click(screen.getByRole('checkbox', { name: 'Pick all rows' }));
  const bar = within(await screen.findByRole('region', { name: 'Picked records' }));
  expect(bar.getByText('2 records picked')).toBeTruthy();
  await user.click(bar.getByRole('button', { name: 'Replay 2 records' }));
  expect(onReplay).toHaveBeenCalledExactlyOnceWith({
    topic: 'orders',
    records: [
      { partition: 0, offset: 0 },
      { partition: 1, offset: 5 },
    ],
  });
  await user.click(screen.getByRole('checkbox', { name: 'Pick offset 0 of partition 0' }));
  await waitFor(() => expect(new URLSearchParams(address.search).get('picked')).toBe('1:5'));
  await user.click(screen.getByRole('button', { name: 'Pick none' }));
  await waitFor(() => expect(new URLSearchParams(address.search).get('picked')).toBeNull());
});

test('picks that are not among the rows are counted, without a size made up for them', async () => {
  page('topic=orders&picked=0:0,1:99');
  const bar = within(await screen.findByRole('region', { name: 'Picked records' }));
  expect(bar.getByText('2 records picked')).toBeTruthy();
  expect(bar.getByText('partitions 0, 1')).toBeTruthy();
});

test('what is not base64 is not sent as anything', async () => {
  const { user, produce } = page('topic=orders&produce=true');
  const dialog = within(await screen.findByRole('dialog', { name: 'Produce to orders' }));
  await user.click(within(dialog.getByRole('radiogroup', { name: 'What Value is' })).getByText('Base64'));
  await user.type(dialog.getByRole('textbox', { name: 'Value' }), 'abc');
  expect(dialog.getByText('This is not base64.')).toBeTruthy();
  expect(dialog.getByRole('button', { name: 'Send to orders' }).hasAttribute('disabled')).toBe(true);
  await user.type(dialog.getByRole('textbox', { name: 'Value' }), 'd');
  await user.click(dialog.getByRole('button', { name: 'Send to orders' }));
  expect(await screen.findByText('Written to orders-0 at offset 42')).toBeTruthy();
  const sent = produce.mock.calls[0]?.[0][0];
  expect([sent?.key, [...(sent?.value ?? [])]]).toEqual([null, [0x69, 0xb7, 0x1d]]);
});

test('a record that was refused keeps the dialog and what was typed', async () => {
  const { user, produce } = page('topic=orders&produce=true');
  produce.mockRejectedValueOnce(clusterSaid('MESSAGE_TOO_LARGE', 'too large', { advice: 'send-less' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Produce to orders' }));
  await user.type(dialog.getByRole('textbox', { name: 'Value' }), 'long');
  await user.click(dialog.getByRole('button', { name: 'Send to orders' }));
  expect((await dialog.findByRole('alert')).textContent).toContain('MESSAGE_TOO_LARGE');
  expect((dialog.getByRole('textbox', { name: 'Value' }) as HTMLTextAreaElement).value).toBe('long');
});

test('half a character is refused at the field, not stored as something else', async () => {
  const { user, produce } = page('topic=orders&produce=true');
  const dialog = await screen.findByRole('dialog');
  const value = within(dialog).getByRole('textbox', { name: 'Value' });
  fireEvent.change(value, { target: { value: 'a\uD800b' } });
  expect(within(dialog).getByText(/unpaired surrogate/)).toBeTruthy();
  expect(within(dialog).getByRole('button', { name: /^Send/ }).hasAttribute('disabled')).toBe(true);
  fireEvent.change(value, { target: { value: 'a\u{1F600}b' } });
  await user.click(within(dialog).getByRole('button', { name: /^Send/ }));
  await waitFor(() => expect(produce).toHaveBeenCalledTimes(1));
  expect(new TextDecoder().decode(produce.mock.calls[0]?.[0][0]?.value ?? undefined)).toBe('a\u{1F600}b');
});

test('text from outside is set apart, and what would be hidden is marked', async () => {
  const odd = 'pay\u202Egpj\u200B';
  const answer = { records: [record(0, { key: text(odd), value: text(`{"user":"${odd}"}`) })], covered: [covered()] };
  page('topic=orders', () => Promise.resolve(answer));
  await rows();
  const cells = within(screen.getByRole('table', { name: 'Records' }))
    .getAllByRole('row')[1]
    ?.querySelectorAll('bdi[data-code]');
  expect([...(cells ?? [])].map((mark) => mark.getAttribute('data-code'))).toEqual(['U+202E', 'U+200B', 'U+202E', 'U+200B']);
  // The characters stay where they are, so a copy is what was there; none of them stands outside an isolated place.
  expect([...(cells ?? [])].map((mark) => mark.textContent)).toEqual(['\u202E', '\u200B', '\u202E', '\u200B']);
});

const timeCells = () =>
  within(screen.getByRole('table', { name: 'Records' }))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[3]?.textContent);

test('a time shows its day unless it is today', async () => {
  const now = BigInt(Date.now());
  const times = [now, -2_208_988_800_000n, 0n];
  const records = times.map((timestampMs, offset) => record(offset, { timestampMs }));
  page('topic=orders', () => Promise.resolve({ records, covered: [covered()] }));
  await rows();
  await waitFor(() => expect(timeCells()[0]).toBe(new Date(Number(now)).toISOString().slice(11, -1)));
  expect(timeCells().slice(1)).toEqual(['1900-01-01 00:00:00.000', '1970-01-01 00:00:00.000']);
});

test('the time zone is chosen, named and part of the address', async () => {
  const records = [record(0, { timestampMs: 1_795_379_797_060n })];
  page('topic=orders&tz=Asia%2FShanghai', () => Promise.resolve({ records, covered: [covered()] }));
  await rows();
  expect(screen.getByRole('columnheader', { name: 'Time (Asia/Shanghai)' })).toBeTruthy();
  expect(timeCells()).toEqual(['2026-11-23 04:36:37.060']);
});

test('a zone that nobody knows is UTC', async () => {
  page('topic=orders&tz=Middle%2FEarth');
  await rows();
  expect(screen.getByRole('columnheader', { name: 'Time (UTC)' })).toBeTruthy();
});

test('partitions that could not be read are not among those that were', async () => {
  const faulty = [1, 2].map((partition) => covered({ partition, toOffset: 0, endOffset: 0, error: 'LEADER_NOT_AVAILABLE' }));
  page('topic=orders', () => Promise.resolve({ records: threeRecords.records, covered: [covered(), ...faulty] }));
  await rows();
  expect(screen.getByText(/read from 1 partition;/).textContent).toMatch(
    /3 records read from 1 partition; 3 offsets in the log; 2 partitions could not be read\./,
  );
});
