import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ControlClient } from './control-client.ts';
import { ControlSocket, maxHeldBytes, maxUnsentBytes, requireNoSupervisor, type ControlHandler } from './control-socket.ts';
import type { BrokerMetrics, ControlPush } from './ipc.ts';
import { LabRefused } from './lab-refusal.ts';
import { controlSocketPath } from './socket-path.ts';

let directory: string;
let path: string;
let control: ControlSocket;
const wanted: boolean[] = [];
const greeting: ControlPush = { push: 'demo', status: { plan: null, clients: [] } };

const refusals = new Map<string, Error>([
  ['demo.stop', new Error('nothing runs')],
  ['lab.restart', new LabRefused({ kind: 'lab-no-broker', params: { broker: 9 } })],
]);
const handler: ControlHandler = {
  answer: (request) =>
    refusals.has(request.method) ? Promise.reject(refusals.get(request.method)!) : Promise.resolve({ asked: request.method }),
  greeting: () => [greeting],
  onRecordsWanted: (records) => void wanted.push(records),
};

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'logarium-control-'));
  path = controlSocketPath(directory);
  wanted.length = 0;
  control = await ControlSocket.open(path, handler);
});
afterEach(async () => {
  await control.close();
  rmSync(directory, { recursive: true, force: true });
});

function nextPush(client: ControlClient): Promise<ControlPush> {
  return new Promise((settle) => {
    const stop = client.listen((push) => {
      stop();
      settle(push);
    });
  });
}

test('only the owner may open the socket', () => {
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a second supervisor on the directory is refused and the first goes on', async () => {
  await expect(ControlSocket.open(path, handler)).rejects.toThrow(/already runs/);
  const client = new ControlClient(path);
  await nextPush(client);
  expect(await client.call({ method: 'status' })).toEqual({ asked: 'status' });
  client.close();
});

test('a subscriber is greeted, gets pushes, and errors come back as errors', async () => {
  const client = new ControlClient(path);
  expect(await nextPush(client)).toEqual(greeting);
  const pushed = nextPush(client);
  control.push({ push: 'trace', events: [], dropped: 3 });
  expect(await pushed).toEqual({ push: 'trace', events: [], dropped: 3 });
  await expect(client.call({ method: 'demo.stop' })).rejects.toThrow('nothing runs');
  client.close();
});

test('what the lab refuses arrives as data, for screens to word; any other failure is none', async () => {
  const client = new ControlClient(path);
  await nextPush(client);
  const restart = client.call({ method: 'lab.restart', params: { brokerId: 9, by: 'ada' } });
  const refusal = { kind: 'lab-no-broker', params: { broker: 9 } };
  await expect(restart).rejects.toMatchObject({ isRefusal: true, refusal, message: 'There is no broker 9 in this cluster.' });
  await expect(client.call({ method: 'demo.stop' })).rejects.toMatchObject({ isRefusal: false, refusal: null });
  client.close();
});

test('records are traced only while a connected console wants them', async () => {
  const client = new ControlClient(path);
  await nextPush(client);
  client.wantRecords(true);
  await expect.poll(() => wanted.at(-1)).toBe(true);
  client.close();
  await expect.poll(() => wanted.at(-1)).toBe(false);
});

test("a socket that is closed leaves its successor's alone, and no file of its own", async () => {
  rmSync(path); // as whoever empties the data directory does
  const successor = await ControlSocket.open(path, handler);
  await control.close();
  await expect(requireNoSupervisor(path)).rejects.toThrow(/already runs/);
  await successor.close();
  expect(readdirSync(directory)).toEqual([]);
});

test.each(['not json\n', '{"id":1,"method":"run","params":"rm"}\n', 'x'.repeat(5 * 1024 * 1024)])(
  'a stranger that does not speak our language is cut off',
  async (bytes) => {
    const socket = connect(path);
    socket.on('error', () => undefined);
    socket.write(bytes);
    await new Promise((settle) => socket.once('close', settle));
  },
);

/** A console that subscribed and then stopped reading, as one does whose process is stopped. */
async function silentConsole(): Promise<Socket> {
  const socket = connect(path);
  socket.write('{"id":1,"method":"subscribe"}\n');
  await new Promise<void>((settle) => {
    let seen = '';
    socket.on('data', (data: Buffer) => {
      seen += data.toString();
      if (seen.includes('"push":"demo"')) settle();
    });
  });
  socket.removeAllListeners('data').pause();
  return socket;
}

/** Reads on, and answers how many bytes came before the connection ended or what is sent by `last` came. */
function readOn(socket: Socket, last: string): Promise<{ readonly bytes: number; readonly isClosed: boolean }> {
  return new Promise((settle) => {
    let bytes = 0;
    let tail = '';
    socket.on('data', (data: Buffer) => {
      bytes += data.length;
      tail = (tail + data.toString('latin1')).slice(-4_096);
      if (tail.includes(last)) settle({ bytes, isClosed: false });
    });
    socket.on('error', () => undefined);
    socket.once('close', () => settle({ bytes, isClosed: true }));
    socket.resume();
  });
}

const mebibyte = 1024 * 1024;
/** What the operating system holds for both ends comes on top of what this process holds. */
const kernelBytes = 8 * mebibyte;
const demoPush = (lastError: string): ControlPush => ({
  push: 'demo',
  status: {
    plan: null,
    clients: [
      { role: 'producer', clientId: 'one', library: 'x', pid: 1, state: 'running', recordsPerSecond: 0, totalRecords: 0, lastError },
    ],
  },
});

test('a console that does not read misses metrics beyond the bound, and nothing of what is told once', async () => {
  const socket = await silentConsole();
  const metrics = {
    brokerId: 1,
    writers: { named: [{ clientId: 'x'.repeat(mebibyte), records: 1 }], others: 0 },
  } as unknown as BrokerMetrics;
  for (let index = 0; index < 64; index++) control.push({ push: 'metrics', metrics });
  control.push(demoPush('told-once'));
  const read = await readOn(socket, 'told-once');
  expect(read.isClosed).toBe(false);
  expect(read.bytes).toBeLessThanOrEqual(maxUnsentBytes + kernelBytes);
  socket.destroy();
});

test('a console that never reads is cut off before it fills the memory', async () => {
  const socket = await silentConsole();
  const rounds = maxHeldBytes / mebibyte + 32;
  for (let index = 0; index < rounds; index++) control.push(demoPush('x'.repeat(mebibyte)));
  control.push(demoPush('told-last'));
  const read = await readOn(socket, 'told-last');
  expect(read.isClosed).toBe(true);
  expect(read.bytes).toBeLessThanOrEqual(maxHeldBytes + kernelBytes);
});

test('a data directory too deep for a socket path gets a short one, the same each time', () => {
  const deep = `/${'deep/'.repeat(40)}data`;
  expect(controlSocketPath(deep).length).toBeLessThanOrEqual(100);
  expect(controlSocketPath(deep)).toBe(controlSocketPath(deep));
});
