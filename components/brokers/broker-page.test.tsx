// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { show, type Stage } from '#components/testing/console.tsx';
import type { BrokerSummary, ClusterPort } from '#server/cluster/port.ts';
import { noTrouble } from '#server/cluster/storage-trouble.ts';
import { BrokerPage } from './broker-page.tsx';

const healthy: BrokerSummary = {
  brokerId: 2,
  host: '127.0.0.1',
  port: 9093,
  rack: null,
  state: 'online',
  isController: false,
  isVoter: true,
  leaderCount: 4,
  replicaCount: 9,
  diskUsedBytes: 1,
  diskTotalBytes: 100,
  diskUsableBytes: 50,
  rates: null,
  process: {
    pid: 77,
    startedAtMs: 0,
    residentBytes: 1,
    cpuRatio: 0,
    restarts: 0,
    openFiles: 1_812,
    openFilesLimit: 4_096,
    partitions: 20_000,
    partitionLimit: 25_000,
  },
};

function page(broker: BrokerSummary, locale: Stage['locale'] = 'en') {
  const overview = { brokers: [broker] } as unknown as Awaited<ReturnType<ClusterPort['overview']>>;
  show(<BrokerPage brokerId={2} />, {
    port: { overview: () => Promise.resolve(overview), brokerReplicas: () => Promise.resolve([]) },
    locale,
  });
}

const storage = {
  ...noTrouble,
  fullDirectories: ['/data/broker-2'],
  failedDirectories: [{ directory: '/more', reason: 'EIO: input/output error' }],
  damagedLogs: ['orders-3'],
  uncleanableLogs: ['state-0', 'state-1'],
};

describe('the disks and logs of a broker', () => {
  test('are told in words, each with what to do, and the sentence names the worst', async () => {
    page({ ...healthy, storage });
    const section = await screen.findByRole('region', { name: 'Disks and logs' });
    expect(section.textContent).toContain('/data/broker-2 is full. Produce requests are refused with KAFKA_STORAGE_ERROR; free room');
    expect(section.textContent).toContain('/more is offline: EIO: input/output error.');
    expect(section.textContent).toContain('The log of orders-3 is damaged');
    expect(section.textContent).toContain('2 logs are not compacted any more');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Broker 2 is online. A log directory of it is offline.');
  });

  test('are told in Chinese too, with the names of Kafka kept', async () => {
    page({ ...healthy, storage }, 'zh');
    const section = await screen.findByRole('region', { name: '磁盘与日志' });
    expect(section.textContent).toContain('/data/broker-2 已满。写入请求会被拒绝，错误为 KAFKA_STORAGE_ERROR');
  });

  test('have no place where nothing is wrong', async () => {
    page(healthy);
    await screen.findByRole('region', { name: 'Process' });
    expect(screen.queryByRole('region', { name: 'Disks and logs' })).toBeNull();
  });
});

test('what a broker uses stands beside what it may use; what it does not tell is unknown, not nought', async () => {
  page(healthy);
  const process = await screen.findByRole('region', { name: 'Process' });
  const rowOf = (name: string) => within(process).getByText(name).nextElementSibling?.textContent;
  expect(rowOf('Replicas')).toBe('20,000 of 25,000 it may hold');
  expect(rowOf('Open files')).toBe('1,812 of 4,096 the system grants');
});
