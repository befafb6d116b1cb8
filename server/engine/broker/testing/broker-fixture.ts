// A whole request path without sockets: connection, dispatch, the real handlers, partitions over real files. Only what needs other
// processes (controller, quorum, groups) is left out, and says so when a test reaches for it.

import { Interception } from '../intercept.ts';
import { BufferPool } from '#engine/bytes/buffer-pool.ts';
import { FetchSessionCache } from '#engine/replication/fetch-session.ts';
import type { Api, ListenerKind, RequestInput, ResponseOf } from '#engine/protocol/schema.ts';
import { decodeResponseFrame, encodeRequestFrame } from '#engine/protocol/headers.ts';
import { createMetrics } from '#engine/trace/metrics.ts';
import { silentLog } from '../broker-log.ts';
import { Connection } from '../connection.ts';
import type { BrokerContext, Handler } from '../context.ts';
import { createDispatch } from '../dispatch.ts';
import type { Voter } from '../config.ts';
import { advertisedApis, handlers } from '../handlers/index.ts';
import { RequestMemory } from '../request-memory.ts';
import { FakeStream } from './fake-stream.ts';
import { partitionFixture, type PartitionFixture } from './partition-fixture.ts';

export interface BrokerFixture extends PartitionFixture {
  readonly broker: BrokerContext;
  readonly stream: FakeStream;
  readonly connection: Connection;
  readonly requestMemory: RequestMemory;
  readonly closed: readonly string[];
  /** Names that handlers wanted created. */
  readonly autoCreated: string[];
  /** Sends a request over the one connection and answers its response; undefined when there is none yet. */
  ask<A extends Api>(api: A, version: number, request: RequestInput<A>): Promise<ResponseOf<A>>;
  /** The response frames written since the last call, without their lengths. */
  takeFrames(): readonly Buffer[];
  settle(): Promise<void>;
}

function absent(): never {
  throw new Error('this fixture has no cluster around it');
}

export interface BrokerFixtureOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly listener?: ListenerKind;
  readonly listenerName?: string;
  readonly extraHandlers?: readonly Handler[];
  readonly voters?: readonly Voter[];
  readonly kraftVersion?: number;
}

export function brokerFixture({
  settings = {},
  listener = 'broker',
  listenerName = 'PLAINTEXT',
  extraHandlers = [],
  voters = [],
  kraftVersion = 0,
}: BrokerFixtureOptions = {}): BrokerFixture {
  const partitions = partitionFixture(settings);
  const { world, config, metadata, driver, time, facts } = partitions;
  const autoCreated: string[] = [];
  const broker: BrokerContext = {
    world,
    config,
    metadata,
    trace: (fact) => {
      facts.push(fact);
    },
    metrics: createMetrics(),
    log: silentLog,
    interception: new Interception(),
    buffers: new BufferPool({ maxKeptBytes: 4_000_000, poisons: true }),
    partitions: driver,
    fetchSessions: new FetchSessionCache({ maxSessions: 10, minEvictionMs: 120_000, nextInt: (bound) => world.random.nextInt(bound) }),
    controller: { forward: absent, createTopics: absent, openEnvelope: absent } as unknown as BrokerContext['controller'],
    quorum: { handle: absent, voters: () => voters, kraftVersion: () => kraftVersion },
    groups: { locate: absent, ask: absent, list: absent } as unknown as BrokerContext['groups'],
    producerIds: { next: absent },
    autoCreate: (topic) => {
      if (!/^[\w.-]+$/.test(topic)) return false;
      autoCreated.push(topic);
      return true;
    },
    advertised: (kind) => advertisedApis(kind),
  };
  const requestMemory = new RequestMemory(2_000_000, queueMicrotask);
  const stream = new FakeStream();
  const closed: string[] = [];
  const connection = new Connection({
    connectionId: 1,
    stream,
    limits: { maxFrameBytes: 2_000_000, maxInFlight: 16, maxUnsentBytes: 1_000_000, maxRequestBytes: 1_000_000 },
    requestMemory,
    serve: createDispatch(
      { kind: listener, name: listenerName },
      [...extraHandlers, ...handlers.filter(({ api }) => extraHandlers.every((extra) => extra.api.key !== api.key))],
      broker,
    ),
    allocate: broker.buffers.take as (sizeBytes: number) => Buffer,
    onClosed: (_connection, reason) => {
      closed.push(reason);
    },
    onBytesIn: () => {},
    onBytesOut: () => {},
    nowUs: () => time.monotonicUs(),
    afterTurn: queueMicrotask,
  });
  return { ...partitions, broker, stream, connection, requestMemory, closed, autoCreated, ...createAsking(stream, connection) };
}

function createAsking(stream: FakeStream, connection: Connection): Pick<BrokerFixture, 'ask' | 'takeFrames' | 'settle'> {
  let correlationId = 0;
  const takeFrames = (): readonly Buffer[] => {
    const frames: Buffer[] = [];
    const bytes = Buffer.concat(stream.writes.splice(0));
    for (let at = 0; at < bytes.length; at += 4 + bytes.readInt32BE(at))
      frames.push(bytes.subarray(at + 4, at + 4 + bytes.readInt32BE(at)));
    return frames;
  };
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 20 && connection.inFlight > 0; round += 1) await Promise.resolve();
  };
  return {
    takeFrames,
    settle,
    async ask(api, version, request) {
      correlationId += 1;
      stream.receive(Buffer.concat(encodeRequestFrame(api, { version, correlationId, clientId: 'tester' }, request)));
      await settle();
      const [frame] = takeFrames();
      if (frame === undefined) throw new Error(`no answer to ${api.name}`);
      if (frame.readInt32BE(0) !== correlationId) throw new Error('the answer is to another request');
      return decodeResponseFrame(api, version, frame);
    },
  };
}
