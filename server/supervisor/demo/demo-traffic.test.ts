import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { DemoTraffic } from './demo-traffic.ts';

const plan = { topic: 'demo', partitions: 1, producers: 1, ratePerSecond: 1, keyCount: 1, valueBytes: 16, groupId: 'demo', consumers: 1 };

test('whoever waits for the processes hears of each client that comes and goes', async () => {
  const alive = new Set<number>();
  // Nobody listens there: the clients live, and try.
  const demo = new DemoTraffic('127.0.0.1:1', {
    log: { printed: () => {}, say: () => {} },
    processes: { onSpawn: (pid) => void alive.add(pid), onEnd: (pid) => void alive.delete(pid) },
    onChange: () => {},
  });
  const { clients } = await demo.start(plan);
  expect([...alive]).toEqual(clients.map(({ pid }) => pid));
  await demo.stop();
  expect(alive.size).toBe(0);
});

/** To ApiVersions: not in this version, ask in an older one. */
function askOlder(request: Buffer): Buffer {
  const unsupportedVersion = 35;
  const answer = Buffer.alloc(18);
  answer.writeInt32BE(answer.length - 4, 0);
  request.copy(answer, 4, 8, 12);
  answer.writeInt16BE(unsupportedVersion, 8);
  return answer;
}

test('a client that gets an answer prints nothing: the log holds no warning about the timers of its library', async () => {
  const printed: string[] = [];
  let requests = 0;
  let onSecond = (): void => {};
  // The second request leaves when the library is done with the answer to the first.
  const second = new Promise<void>((settle) => {
    onSecond = settle;
  });
  const server = createServer((socket) => {
    socket.on('error', () => {}); // the client ends as it likes
    socket.on('data', (request) => {
      requests += 1;
      if (requests === 1) socket.write(askOlder(request));
      else onSecond();
    });
  });
  await new Promise<void>((settle) => void server.listen(0, '127.0.0.1', settle));
  const demo = new DemoTraffic(`127.0.0.1:${(server.address() as AddressInfo).port}`, {
    log: { printed: ({ text }) => void printed.push(text), say: () => {} },
    processes: { onSpawn: () => {}, onEnd: () => {} },
    onChange: () => {},
  });
  await demo.start({ ...plan, consumers: 0 });
  await second;
  await demo.stop();
  server.close();
  expect(printed).toEqual([]);
});
