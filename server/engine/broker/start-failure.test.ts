// What a person is told when a broker can't start or can't go on: what happened, and what to do. Where the operating system can be
// made to refuse, the errors are its own.

import { describe, expect, test } from 'vitest';
import { RegistrationRefusedError } from './drivers/broker-lifecycle.ts';
import { StorageError } from '#engine/storage/storage-error.ts';
import { minLimit, shareDescriptors, TooFewDescriptorsError } from '#engine/world/descriptors/descriptor-shares.ts';
import { toFileError } from '#engine/world/node/files.ts';
import { nodeNetwork, toNetworkError } from '#engine/world/node/network.ts';
import { describeStartFailure, type StartFailure } from './start-failure.ts';

async function listenFailure(host: string, port: number): Promise<StartFailure> {
  const outcome = await nodeNetwork.listen({ host, port, backlog: 16 }, () => {}).catch((error: unknown) => error);
  return describeStartFailure(outcome);
}

/** As Node throws it. */
function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused by the system`), { code });
}

describe('a port', () => {
  test('that another process has: which one, and what to do', async () => {
    const taken = await nodeNetwork.listen({ host: '127.0.0.1', port: 0, backlog: 16 }, () => {});
    const { reason, advice } = await listenFailure('127.0.0.1', taken.port);
    await taken.close();
    expect(reason).toContain(`127.0.0.1:${taken.port}`);
    expect(advice).toMatch(/stop it, or choose another port/);
  });

  test('on an address that this machine has not', async () => {
    const { reason, advice } = await listenFailure('203.0.113.1', 0);
    expect(reason).toContain('203.0.113.1');
    expect(advice).toMatch(/no such address: choose another host/);
  });

  test('that needs more rights', () => {
    expect(describeStartFailure(toNetworkError(systemError('EACCES'))).advice).toMatch(/below 1024 .* choose a higher port/);
  });

  test('for which no descriptor is left', () => {
    expect(describeStartFailure(toNetworkError(systemError('EMFILE'))).advice).toMatch(/ulimit -n/);
  });
});

test('a limit of descriptors below which a broker can’t serve', () => {
  expect(() => shareDescriptors(minLimit - 1)).toThrow(TooFewDescriptorsError);
  const { reason, advice } = describeStartFailure(new TooFewDescriptorsError(100));
  expect(reason).toContain('may open 100 files');
  expect(advice).toMatch(/ulimit -n/);
});

describe('a disk', () => {
  test.each([
    ['ENOSPC', /Make room on the volume, or raise the quota/],
    ['EDQUOT', /Make room on the volume, or raise the quota/],
    ['EROFS', /mounted read-only/],
    ['EACCES', /check the rights/],
    ['EMFILE', /ulimit -n/],
    ['ENOENT', /exists and can be written/],
  ])('that says %s', (code, words) => {
    const failure = describeStartFailure(toFileError('/data/broker-1/meta.properties', systemError(code)));
    expect(failure.reason).toContain('/data/broker-1/meta.properties');
    expect(failure.advice).toMatch(words);
  });

  test.each([
    ['disk-full', /Make room/],
    ['directory-failed', /Check the disk.*read-only/],
    ['corrupt-log', /Restore the named file/],
    ['refused', /--data/],
  ] as const)('whose log directory is %s', (code, words) => {
    expect(describeStartFailure(new StorageError(code, '/data/broker-1', 'said why')).advice).toMatch(words);
  });
});

test('a mistake of ours keeps its stack, for whoever mends it', () => {
  expect(describeStartFailure(new TypeError('a mistake')).reason).toContain('start-failure.test');
  expect(describeStartFailure(new RegistrationRefusedError(35, 1)).reason).toContain('refused to register broker 1');
});
