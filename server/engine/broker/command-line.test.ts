import { describe, expect, test } from 'vitest';
import { brokerConfigs, ownBrokerConfigs } from '#engine/controller/configs/config-tables.ts';
import { brokerConfigDefinitions } from './config-definitions.ts';
import { parseCommandLine, parseProperties } from './command-line.ts';
import { ConfigError } from './config-error.ts';

const base = [
  '--node-id',
  '2',
  '--roles',
  'broker',
  '--host',
  '127.0.0.1',
  '--port',
  '9093',
  '--voters',
  '1@127.0.0.1:9192',
  '--data',
  '/tmp/x',
  '--cluster-id',
  'abc',
];

function parse(...more: readonly string[]): ReturnType<typeof parseCommandLine> {
  return parseCommandLine([...base, ...more], () => 'num.partitions=7\nlog.retention.hours=1\n');
}

describe('the command line', () => {
  test('says who the node is and whom it follows', () => {
    const { config, logLevel } = parse();
    expect(config).toMatchObject({
      nodeId: 2,
      listeners: { clients: [{ name: 'PLAINTEXT', host: '127.0.0.1', port: 9093 }], interBroker: 'PLAINTEXT', controller: null },
      dataDirectory: '/tmp/x',
      clusterId: 'abc',
      voters: [{ nodeId: 1, host: '127.0.0.1', port: 9192 }],
    });
    expect([...config.roles]).toEqual(['broker']);
    expect(logLevel).toBe('info');
  });

  test('--set is stronger than the properties file, which is stronger than the default', () => {
    const { config } = parse('--config', 'some.properties', '--set', 'num.partitions=3');
    expect(config.get('num.partitions')).toBe(3);
    expect(config.get('log.retention.hours')).toBe(1);
    expect(config.get('default.replication.factor')).toBe(1);
    expect(config.staticTexts.get('num.partitions')).toBe('3');
  });

  test.each([
    [['--set', 'no.such.setting=1'], 'no.such.setting'],
    [['--set', 'num.partitions=zero'], 'num.partitions must be a number, not "zero"'],
    [['--set', 'num.partitions=0'], 'num.partitions must be at least 1'],
    [['--set', 'auto.create.topics.enable=maybe'], 'must be true or false'],
    [['--set', 'log.message.timestamp.type=Sometimes'], 'must be one of CreateTime, LogAppendTime'],
    [['--set', 'novalue'], '--set must read name=value'],
    [['--port', '99999'], '--port must be a number from 0 to 65535'],
    [['--voters', 'nonsense'], 'id@host:port'],
    [['--roles', 'king'], '"king"'],
    [['--colour', 'red'], 'unknown option --colour'],
    [['--host'], '--host needs a value'],
    [['--log-level', 'loud'], '--log-level'],
  ])('%j is refused with a sentence that names it', (more, sentence) => {
    expect(() => parse(...more)).toThrow(ConfigError);
    expect(() => parse(...more)).toThrow(sentence);
  });

  test('a controller needs a port of its own', () => {
    expect(() => parse('--roles', 'broker,controller')).toThrow('--controller-port is missing');
    expect(parse('--roles', 'broker,controller', '--controller-port', '9193').config.listeners.controller?.port).toBe(9193);
  });

  test('who the node is may be said by settings as well, once', () => {
    const properties = [
      'node.id=4',
      'process.roles=broker, controller',
      'listeners=INSIDE://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
      'controller.quorum.voters=4@127.0.0.1:9093',
      'log.dirs=/tmp/y',
    ].join('\n');
    const { config } = parseCommandLine(['--config', 'server.properties', '--cluster-id', 'abc'], () => properties);
    expect(config).toMatchObject({
      nodeId: 4,
      dataDirectory: '/tmp/y',
      voters: [{ nodeId: 4, port: 9093 }],
      listeners: { clients: [{ name: 'INSIDE', port: 9092 }], controller: { port: 9093 } },
    });
  });

  test.each([
    [['--set', 'node.id=3'], '--node-id 2 contradicts node.id=3'],
    [['--set', 'broker.id=3'], '--node-id 2 contradicts broker.id=3'],
    [['--set', 'log.dir=/tmp/z'], '--data /tmp/x contradicts log.dir=/tmp/z'],
    [['--set', 'log.dirs=/tmp/z'], '--data /tmp/x contradicts log.dirs=/tmp/z'],
    [['--data', '/a,/b'], 'log.dirs may name one directory, not "/a,/b"'],
    [['--set', 'process.roles=controller'], '--roles broker contradicts process.roles=controller'],
    [['--set', 'listeners=PLAINTEXT://127.0.0.1:1'], '--host has no effect beside listeners'],
  ])('%j: a setting that contradicts a flag is refused', (more, sentence) => {
    expect(() => parse(...more)).toThrow(sentence);
  });

  test('IPv6 voters stand in brackets', () => {
    expect(parse('--voters', '1@[::1]:9192').config.voters).toEqual([{ nodeId: 1, host: '::1', port: 9192 }]);
    expect(() => parse('--voters', '1@::1:9192')).toThrow('in brackets');
  });

  test('a setting that only Kafka acts on is told, unless it has its default; one that would be relied on is refused', () => {
    const { config } = parse('--set', 'num.network.threads=8', '--set', 'num.io.threads=8');
    expect(config.unusedSettings).toEqual([{ name: 'num.network.threads', reason: 'a broker runs on one event loop' }]);
    expect(() => parse('--set', 'authorizer.class.name=org.example.Guard')).toThrow("authorizer.class.name can't be set here");
    expect(parse('--set', 'authorizer.class.name=').config.unusedSettings).toEqual([]);
  });

  test('what the node is counts as said by the operator, in the names of Kafka', () => {
    const { staticTexts } = parse().config;
    expect(Object.fromEntries(staticTexts)).toEqual({
      'node.id': '2',
      'broker.id': '2',
      'process.roles': 'broker',
      listeners: 'PLAINTEXT://127.0.0.1:9093',
      'advertised.listeners': 'PLAINTEXT://127.0.0.1:9093',
      'inter.broker.listener.name': 'PLAINTEXT',
      'controller.listener.names': 'CONTROLLER',
      'controller.quorum.voters': '1@127.0.0.1:9192',
      'log.dirs': '/tmp/x',
      // Defaults here that aren't Kafka's.
      'offsets.topic.replication.factor': '1',
      'socket.listen.backlog.size': '1024',
    });
  });

  test('limits beyond 2^53 saturate', () => {
    expect(parse().config.get('log.flush.interval.messages')).toBe(Number.MAX_SAFE_INTEGER);
    expect(parse().config.get('log.retention.ms')).toBeUndefined();
  });
});

test('properties: comments and blank lines are passed over, spaces trimmed, the value may hold "="', () => {
  expect([...parseProperties('# a comment\n! another\n\n a.b = c=d \nx=\n')]).toEqual([
    ['a.b', 'c=d'],
    ['x', ''],
  ]);
});

/** Where this broker differs from Kafka on purpose; each has its reason beside the definition. */
const deliberate = new Set(['listeners', 'offsets.topic.replication.factor', 'cordoned.log.dirs', 'socket.listen.backlog.size']);

test.each(Object.entries(brokerConfigDefinitions))('%s has the type and default that Kafka documents', (name, definition) => {
  const documented = brokerConfigs.get(name) ?? ownBrokerConfigs.get(name);
  expect(documented, 'Kafka knows the setting, or it is among ours').toBeDefined();
  expect(definition.type).toBe(documented?.type);
  if (!deliberate.has(name)) expect(definition.defaultText ?? '').toBe(documented?.default ?? '');
});
