// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { show } from '#components/testing/console.tsx';
import type { RecordView } from '#server/cluster/port.ts';
import { bytes, record, text } from './messages.fixture.ts';
import { RecordDrawer } from './record-drawer.tsx';

const open = (change: Partial<RecordView>) => show(<RecordDrawer record={record(7, change)} problem={null} onClose={vi.fn()} />);
const copied = () => navigator.clipboard.readText();

test('numbers that a double can not hold are shown and copied as they were written', async () => {
  const json = '{ "id": 9007199254740993, "big": 1e400, "twice": 1, "twice": 2.50 }';
  const { user } = open({ value: text(json) });
  for (const number of ['9007199254740993', '1e400', '2.50']) expect(screen.getByText(number)).toBeTruthy();
  expect(screen.getAllByText('"twice"')).toHaveLength(2);
  await user.click(screen.getByRole('button', { name: 'Copy Value' }));
  expect(await copied()).toBe(json);
});

test('any 64-bit timestamp, producer id and offset keeps its digits', () => {
  const base = record(9_007_199_254_740_991).batch;
  open({
    offset: 9_007_199_254_740_991,
    timestampMs: 9_223_372_036_854_775_807n,
    batch: { ...base, producerId: 9_223_372_036_854_775_806n, producerEpoch: 3 },
  });
  expect(screen.getByText(/9223372036854775807\)/)).toBeTruthy();
  expect(screen.getByText(/id 9223372036854775806, epoch 3/)).toBeTruthy();
  expect(screen.getByRole('heading', { level: 2, name: 'orders-0, offset 9,007,199,254,740,991' })).toBeTruthy();
});

test('bytes that are no text are shown as bytes and copied as base64, not as broken text', async () => {
  const { user } = open({ value: bytes(0xff, 0x00, 0xfe, 0x80, 0x0a) });
  expect(screen.getByRole('cell', { name: 'ff 00 fe 80 0a' })).toBeTruthy();
  await user.click(screen.getByRole('button', { name: 'Copy Value as base64' }));
  expect(await copied()).toBe('/wD+gAo=');
});

test('line ends and blanks at the edges are copied unchanged', async () => {
  const value = ' a\r\n\tb \n';
  const { user } = open({ value: text(value) });
  await user.click(screen.getByRole('button', { name: 'Copy Value' }));
  expect(await copied()).toBe(value);
});

test('a tombstone, an empty value and an absent key are three things, and none can be copied', () => {
  open({ key: null, value: null });
  expect(screen.getByText(/^Null: a tombstone/)).toBeTruthy();
  expect(screen.getByText('Null: there is no key.')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Copy/ })).toBeNull();
});

test('headers of one name stay in order, line ends and all, and a nameless one is seen', async () => {
  const { user } = open({
    headers: [
      { key: 'trace', value: text('first\nline') },
      { key: 'trace', value: text('second') },
      { key: '', value: null },
      { key: 'bin', value: bytes(0, 255, 17) },
    ],
  });
  const list = screen.getByText('00 ff 11').closest('dl');
  if (list === null) throw new Error('no list of headers');
  expect(
    within(list)
      .getAllByRole('term')
      .map((term) => term.textContent),
  ).toEqual(['trace', 'trace', 'empty', 'bin']);
  expect(
    within(list)
      .getAllByRole('definition')
      .map((one) => one.textContent),
  ).toEqual(['first\nline', 'second', 'null', '00 ff 11']);
  await user.click(screen.getAllByRole('button', { name: 'Copy header trace' })[0] as HTMLElement);
  expect(await copied()).toBe('first\nline');
});

test('what was cut for the screen is not passed off as the whole', () => {
  open({ value: { ...text('{"a": 1'), sizeBytes: 5_000_000, isCut: true } });
  expect(screen.getByText('Cut for the screen; it has 5.0 MB in all.')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Copy the part of Value that is shown' })).toBeTruthy();
  expect(screen.queryByRole('button', { name: 'Copy Value' })).toBeNull();
});

test('a record without a time says so, in place of 1969', () => {
  open({ timestampMs: -1n });
  expect(screen.getByText(/no time/)).toBeTruthy();
  expect(screen.queryByText(/1969/)).toBeNull();
});
