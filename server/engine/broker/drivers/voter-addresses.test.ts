import { expect, test } from 'vitest';
import type { VoterSet } from '#engine/raft/voter-set.ts';
import { VoterAddresses } from './voter-addresses.ts';

const logged: VoterSet = {
  kraftVersion: 1,
  voters: [
    { nodeId: 2, directoryId: 'd2', endpoints: [{ name: 'CONTROLLER', host: 'as-the-log-says', port: 2 }] },
    {
      nodeId: 3,
      directoryId: 'd3',
      endpoints: [
        { name: 'OTHER', host: 'not-this', port: 1 },
        { name: 'CONTROLLER', host: 'as-the-log-says', port: 3 },
      ],
    },
    { nodeId: 4, directoryId: 'd4', endpoints: [] },
  ],
};

function addresses(): VoterAddresses {
  return new VoterAddresses([{ nodeId: 2, host: 'as-the-operator-says', port: 22 }], () => logged);
}

test('the address of the listener that the quorum uses counts, whatever it is called', () => {
  expect(new VoterAddresses([], () => logged, 'OTHER').find(3)?.host).toBe('not-this');
});

test('the operator’s word counts before the log’s, the log’s before a peer’s', () => {
  const known = addresses();
  for (const nodeId of [2, 3, 4]) known.learn({ nodeId, host: 'as-a-peer-says', port: nodeId });
  expect([2, 3, 4, 5].map((nodeId) => known.find(nodeId)?.host)).toEqual([
    'as-the-operator-says',
    'as-the-log-says',
    'as-a-peer-says',
    undefined,
  ]);
});

test('a leader that nobody here has heard of before is found where a peer says', () => {
  const known = addresses();
  known.learn({ nodeId: 9, host: 'new', port: 9 });
  expect(known.find(9)).toEqual({ nodeId: 9, host: 'new', port: 9 });
  expect(
    known.voters().map(({ nodeId }) => nodeId),
    'it is no voter for that',
  ).toEqual([2, 3]);
});

test('peers can’t fill the memory with leaders, nor name one without an address', () => {
  const known = addresses();
  for (let nodeId = 1_000; nodeId < 2_000; nodeId += 1) known.learn({ nodeId, host: 'x', port: 1 });
  known.learn({ nodeId: 9, host: '', port: 0 });
  expect([known.find(1_000)?.nodeId, known.find(1_999), known.find(9)]).toEqual([1_000, null, null]);
  known.learn({ nodeId: 1_000, host: 'moved', port: 1 });
  expect(known.find(1_000)?.host).toBe('moved');
});
