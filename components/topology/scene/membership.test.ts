import { describe, expect, test } from 'vitest';
import { group, reader } from './harbour.fixture.ts';
import { groupOfRead, hostOf } from './membership.ts';

describe('which group a read belongs to', () => {
  const read = { client: reader, topic: 'orders', partition: 1 };

  test('the one whose member has the client id and owns the partition', () => {
    expect(groupOfRead([group('other', 'someone', { orders: [1] }), group('mine', 'reader', { orders: [0, 1] })], read)).toBe('mine');
  });

  test('a member that does not own the partition is not it', () => {
    expect(groupOfRead([group('mine', 'reader', { orders: [0] })], read)).toBeNull();
  });

  test('two groups with one client id are told apart by what they own', () => {
    expect(groupOfRead([group('a', 'reader', { orders: [0] }), group('b', 'reader', { orders: [1] })], read)).toBe('b');
  });

  test('the same host wins over another host', () => {
    const far = group('far', 'reader', { orders: [1] });
    const moved = { ...far, members: far.members.map((member) => ({ ...member, host: '/10.0.0.9' })) };
    expect(groupOfRead([moved, group('near', 'reader', { orders: [1] })], read)).toBe('near');
  });

  test('another host is still taken when nobody else fits: a proxy may stand between', () => {
    const far = group('far', 'reader', { orders: [1] });
    expect(groupOfRead([{ ...far, members: far.members.map((member) => ({ ...member, host: '/10.0.0.9' })) }], read)).toBe('far');
  });

  test('in a rebalance, when nobody is told what it owns, the only group with that client is taken', () => {
    expect(groupOfRead([group('mine', 'reader', {})], read)).toBe('mine');
    expect(groupOfRead([group('mine', 'reader', {}), group('yours', 'reader', {})], read)).toBeNull();
  });

  test('a reader in no group belongs to none', () => {
    expect(groupOfRead([], read)).toBeNull();
  });

  test.each([
    ['/127.0.0.1', '127.0.0.1'],
    ['127.0.0.1:5003', '127.0.0.1'],
    ['[::1]:5003', '::1'],
    ['/::1', '::1'],
    ['reader.local:9', 'reader.local'],
  ])('the host of %j is %j', (address, host) => {
    expect(hostOf(address)).toBe(host);
  });
});
