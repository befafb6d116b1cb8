import { expect, test } from 'vitest';
import type { BrokerProcessStatus, SupervisorStatus } from '#server/supervisor/ipc.ts';
import { endedProcesses } from './process-watch.ts';

function status(...brokers: readonly Partial<BrokerProcessStatus>[]): SupervisorStatus {
  const blank = { host: '', port: 0, controllerPort: null, startedAtMs: 0, restarts: 0, lastExit: null, metrics: null };
  return {
    clusterId: 'c',
    bootstrap: '',
    brokers: brokers.map((broker, index) => ({ ...blank, brokerId: index + 1, state: 'ready', pid: 40 + index, ...broker })),
  };
}

const before = status({}, {});

test('a killed process is told with its pid and how it ended', () => {
  const now = status({}, { state: 'crashed', pid: null, lastExit: 'SIGKILL' });
  expect(endedProcesses(before, now, 7)).toEqual([
    { atMs: 7, kind: 'broker-gone', subject: 'broker 2', cause: 'SIGKILL', detail: { brokerId: 2, pid: 41, cause: 'SIGKILL' } },
  ]);
});

test('a restart between two looks is an end all the same', () => {
  expect(endedProcesses(before, status({}, { state: 'starting', pid: 99 }), 7)).toHaveLength(1);
});

test('the end of a process is told once, and the first look tells nothing', () => {
  const gone = status({}, { state: 'backing-off', pid: null });
  expect(endedProcesses(gone, status({}, { state: 'starting', pid: null }), 8)).toEqual([]);
  expect(endedProcesses(null, gone, 7)).toEqual([]);
  expect(endedProcesses(before, before, 7)).toEqual([]);
});

test('a broker that was added is no end of another', () => {
  expect(endedProcesses(before, status({}, {}, { state: 'starting' }), 7)).toEqual([]);
});
