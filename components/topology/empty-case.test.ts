import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { firstTopicCommand } from './empty-case.tsx';
import { broker } from './scene/harbour.fixture.ts';

test('on the own cluster the command is one that its folder can run, and its client is there', () => {
  const command = firstTopicCommand([broker(1)], true);
  const script = /^node -e "([^"]*)"$/.exec(command)?.[1];
  expect(script).toContain("brokers: ['127.0.0.1:19092']");
  // Everything but the call itself: the syntax holds and the package is found.
  const dry = spawnSync(process.execPath, ['-e', script!.replace('admin.createTopics', '(async () => 0).call')], { encoding: 'utf8' });
  expect([dry.status, dry.stderr]).toEqual([0, '']);
});

test("on another cluster it is one of Kafka's own tools", () => {
  expect(firstTopicCommand([broker(1)], false)).toContain('kafka-topics.sh \\\n  --bootstrap-server 127.0.0.1:19092');
});
