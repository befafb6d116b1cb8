import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { noFaults, type FaultSettings } from '../faults.ts';
import { nodeWorld } from '../node/node-world.ts';
import { SyncError, type ByteStream, type Listener } from '../ports.ts';
import { faultyWorld } from './faulty-world.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

/** A plain server that echoes, and a client in a faulty world that has connected to it. */
async function link() {
  const arrived: string[] = [];
  const accepted: ByteStream[] = [];
  const listener: Listener = await nodeWorld().network.listen({ host: '127.0.0.1', port: 0, backlog: 16 }, (stream) => {
    accepted.push(stream);
    stream.onData((chunk) => {
      arrived.push(chunk.toString());
      stream.write([Buffer.from(`echo ${chunk.toString()}`)]);
    });
  });
  undo.push(() => listener.close());
  const { world, setFaults } = faultyWorld(nodeWorld());
  const received: string[] = [];
  const closed: (Error | undefined)[] = [];
  const client = await world.network.connect({ host: '127.0.0.1', port: listener.port, timeoutMs: 5_000 });
  undo.push(() => client.destroy());
  client.onData((chunk) => received.push(chunk.toString()));
  client.onClose((reason) => closed.push(reason));
  const cut = (change: Partial<FaultSettings['links'][number]>): void =>
    setFaults({ ...noFaults, links: [{ ports: [listener.port], sends: true, receives: true, delayMs: 0, ...change }] });
  return { arrived, received, closed, accepted, client, cut, setFaults, world, port: listener.port };
}

/** Something that only happens when whatever was under way has been through the kernel twice. */
async function roundTripBeside(port: number): Promise<void> {
  const other = await nodeWorld().network.connect({ host: '127.0.0.1', port, timeoutMs: 5_000 });
  await new Promise<void>((settle) => {
    other.onData(() => settle());
    other.write([Buffer.from('beside')]);
  });
  other.destroy();
}

describe('links', () => {
  test('a cut on the way out: nothing arrives, and all of it does when the link heals', async () => {
    const { client, arrived, received, cut, setFaults, port } = await link();
    cut({ sends: false });
    client.write([Buffer.from('one ')]);
    client.write([Buffer.from('two')]);
    await roundTripBeside(port);
    expect(arrived).toEqual(['beside']);
    expect(client.bufferedBytes).toBe(7);
    setFaults(noFaults);
    await expect.poll(() => received.join('')).toContain('two');
    expect(arrived.slice(1).join('')).toBe('one two');
  });

  test('a cut on the way back: the other side has it and its answer does not reach us', async () => {
    const { client, arrived, received, cut, setFaults, port } = await link();
    cut({ receives: false });
    client.write([Buffer.from('asked')]);
    await expect.poll(() => arrived).toEqual(['asked']);
    await roundTripBeside(port);
    expect(received).toEqual([]);
    setFaults(noFaults);
    await expect.poll(() => received).toEqual(['echo asked']);
  });

  test('a peer that ends behind a cut is only noticed when the link heals', async () => {
    const { client, accepted, closed, received, cut, setFaults, port } = await link();
    client.write([Buffer.from('x')]);
    await expect.poll(() => received).toHaveLength(1);
    cut({ receives: false });
    accepted[0]?.destroy();
    await roundTripBeside(port);
    expect(closed).toEqual([]);
    setFaults(noFaults);
    await expect.poll(() => closed).toHaveLength(1);
  });

  test('a new connection over a cut link runs into its time-out, one over another link does not', async () => {
    const { world, cut, port } = await link();
    cut({ receives: false });
    await expect(world.network.connect({ host: '127.0.0.1', port, timeoutMs: 30 })).rejects.toMatchObject({ code: 'timed-out' });
    const elsewhere = await nodeWorld().network.listen({ host: '127.0.0.1', port: 0, backlog: 16 }, () => {});
    undo.push(() => elsewhere.close());
    const stream = await world.network.connect({ host: '127.0.0.1', port: elsewhere.port, timeoutMs: 5_000 });
    stream.destroy();
  });

  test('an owner that destroys its stream behind a cut hears of it, and nothing comes after', async () => {
    const { client, closed, cut } = await link();
    cut({ sends: false, receives: false });
    client.write([Buffer.from('never')]);
    client.destroy();
    expect(client.write([Buffer.from('x')])).toBe(false);
    await expect.poll(() => closed).toEqual([undefined]);
  });

  test('inbound delay holds what clients send, in order', async () => {
    const { world, setFaults } = faultyWorld(nodeWorld());
    const arrived: string[] = [];
    const listener = await world.network.listen({ host: '127.0.0.1', port: 0, backlog: 16 }, (stream) => {
      stream.onData((chunk) => arrived.push(chunk.toString()));
    });
    undo.push(() => listener.close());
    const client = await nodeWorld().network.connect({ host: '127.0.0.1', port: listener.port, timeoutMs: 5_000 });
    undo.push(() => client.destroy());
    setFaults({ ...noFaults, inboundDelayMs: 30 });
    const before = world.clock.monotonicUs();
    client.write([Buffer.from('slow')]);
    await expect.poll(() => arrived).toEqual(['slow']);
    expect(world.clock.monotonicUs() - before).toBeGreaterThanOrEqual(30_000);
  });
});

describe('disk and clock', () => {
  function files() {
    const directory = mkdtempSync(join(tmpdir(), 'logarium-faulty-'));
    undo.push(() => rmSync(directory, { recursive: true, force: true }));
    const { world, setFaults } = faultyWorld(nodeWorld());
    const file = world.files.open(join(directory, 'a'), 'create');
    undo.push(() => file.close());
    const breakDisk = (change: Partial<FaultSettings['disk']>): void => setFaults({ ...noFaults, disk: { ...noFaults.disk, ...change } });
    return { world, file, directory, breakDisk, setFaults };
  }

  test('a full disk refuses what would grow it, on files that were open before, and tells that it is full', () => {
    const { world, file, directory, breakDisk, setFaults } = files();
    file.write([Buffer.from('before')], 0);
    breakDisk({ isFull: true });
    expect(() => file.write([Buffer.from('x')], 6)).toThrow(expect.objectContaining({ code: 'no-space' }));
    expect(() => world.files.replaceAtomically(join(directory, 'b'), Buffer.from('x'))).toThrow(
      expect.objectContaining({ code: 'no-space' }),
    );
    expect(world.files.space(directory).usableBytes).toBe(0);
    expect(Buffer.from(world.files.readAll(join(directory, 'a'))).toString()).toBe('before');
    setFaults(noFaults);
    file.write([Buffer.from('!')], 6);
    expect(file.sizeBytes()).toBe(7);
  });

  test('a failing fsync fails as a real one does', async () => {
    const { file, breakDisk } = files();
    breakDisk({ failsSync: true });
    await expect(file.sync()).rejects.toThrow(SyncError);
    expect(() => file.syncNow()).toThrow(SyncError);
  });

  test('a slow disk takes its time for writes and fsync', async () => {
    const { world, file, breakDisk } = files();
    breakDisk({ delayMs: 20 });
    const before = world.clock.monotonicUs();
    file.write([Buffer.from('x')], 0);
    await file.sync();
    expect(world.clock.monotonicUs() - before).toBeGreaterThanOrEqual(40_000);
  });

  test('a skewed clock moves the time of day and not the durations', () => {
    const { world, setFaults } = files();
    setFaults({ ...noFaults, clockSkewMs: -3_600_000 });
    expect(world.clock.nowMs()).toBeLessThan(Date.now() - 3_500_000);
    expect(Math.abs(world.clock.monotonicUs() - nodeWorld().clock.monotonicUs())).toBeLessThan(1_000_000);
  });
});
