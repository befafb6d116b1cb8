import { expect, test, vi } from 'vitest';
import { clusterSaid } from '#server/cluster/testing/cluster-said.ts';
import type { ClusterPort, LiveMessage } from '#server/cluster/port.ts';
import type { Context } from './context.ts';
import { cookieOf } from './cookies.ts';
import { inputIssues } from './errors.ts';
import { createTopicSchema } from './schemas/topic.ts';
import { changingPermissions, localOperator, permissions, readingPermissions, type Permission, type Principal } from './permissions.ts';
import { policyFromEnvironment, refusalOf, toRefusedResponse, unknownHostText } from './request-guard.ts';
import { appRouter } from './root.ts';
import { createCallerFactory, type ProcedureMeta } from './trpc.ts';

interface Walkable {
  readonly _def: { readonly meta?: ProcedureMeta; readonly type: string };
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Walkable>);

function contextOf(port: Partial<ClusterPort>, principal: Principal = localOperator): Context {
  const release = vi.fn();
  return {
    registry: { port: () => Promise.resolve(port), lease: () => Promise.resolve({ port, release }), list: () => Promise.resolve([]) },
    replays: { list: () => Promise.resolve([]) },
    events: { list: () => Promise.resolve([]) },
    views: { list: () => Promise.resolve([]), save: () => Promise.resolve(null), remove: () => Promise.resolve(true) },
    principal,
    theme: null,
    locale: null,
  } as unknown as Context;
}

const callerOf = (port: Partial<ClusterPort>, principal?: Principal) => createCallerFactory(appRouter)(contextOf(port, principal));

test('every procedure there is declares a permission that exists', () => {
  expect(procedures.length).toBeGreaterThan(35);
  for (const [path, procedure] of procedures) expect(permissions, path).toContain(procedure._def.meta?.permission);
});

test.each(procedures)('%s is refused to somebody with every permission but its own', async (path, procedure) => {
  const needed = procedure._def.meta?.permission;
  const all = new Set<Permission>(permissions);
  all.delete(needed as Permission);
  const caller = callerOf({}, { name: 'guest', permissions: all });
  const call = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], caller) as (
    input: unknown,
  ) => Promise<unknown>;
  await expect(call({})).rejects.toMatchObject({ code: 'FORBIDDEN', message: `guest lacks the permission ${needed}` });
});

/** They begin and end a job that only reads; as queries they would be asked again and again. */
const readingJobs: ReadonlySet<string> = new Set(['replay.count', 'replay.cancelCount']);
const permissionsOf: Readonly<Record<string, readonly string[]>> = {
  query: readingPermissions,
  subscription: readingPermissions,
  mutation: changingPermissions,
};

test.each(procedures)('%s needs a permission of its own kind: to read for what reads, to change for what changes', (path, procedure) => {
  expect(permissionsOf[readingJobs.has(path) ? 'query' : procedure._def.type]).toContain(procedure._def.meta?.permission);
});

test.each([
  ['UNKNOWN_TOPIC_OR_PARTITION', 'NOT_FOUND'],
  ['TOPIC_ALREADY_EXISTS', 'CONFLICT'],
  ['CLUSTER_LOST', 'SERVICE_UNAVAILABLE'],
  ['TOPIC_AUTHORIZATION_FAILED', 'FORBIDDEN'],
  ['TIMED_OUT', 'TIMEOUT'],
  ['INVALID_REPLICATION_FACTOR', 'BAD_REQUEST'],
  ['A_CODE_OF_A_NEWER_KAFKA', 'BAD_REQUEST'],
])('Kafka saying %s becomes %s, with the exact code kept', async (code, trpcCode) => {
  const caller = callerOf({ describeTopic: () => Promise.reject(clusterSaid(code, 'no', { advice: 'try-again' })) });
  await expect(caller.topics.get({ clusterId: 'c', name: 'orders' })).rejects.toMatchObject({
    code: trpcCode,
    message: 'no',
    cause: { code, advice: 'try-again' },
  });
});

test('our own bugs are told without their text, which may name what a browser need not know', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const caller = callerOf({ overview: () => Promise.reject(new TypeError('secret path')) });
  await expect(caller.cluster.overview({ clusterId: 'c' })).rejects.toMatchObject({
    code: 'INTERNAL_SERVER_ERROR',
    message: expect.not.stringContaining('secret'),
  });
  expect(log).toHaveBeenCalledTimes(1);
  log.mockRestore();
});

test.each(['', '.', '..', 'with space', 'a'.repeat(250), 'ключ'])('the topic name "%s" never reaches a cluster', async (name) => {
  const createTopic = vi.fn();
  await expect(callerOf({ createTopic }).topics.create({ clusterId: 'c', name })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(createTopic).not.toHaveBeenCalled();
});

test('a field that could not be taken is named, with the code its form translates', () => {
  const parsed = createTopicSchema.safeParse({ clusterId: 'c', name: 'with space', partitionCount: 0 });
  expect(inputIssues(parsed.error)).toEqual([
    { path: 'name', message: 'topic-name-characters' },
    { path: 'partitionCount', message: 'partition-count' },
  ]);
  expect(inputIssues(new Error('x'))).toBeNull();
});

test('typed text, base64 and null reach the cluster as bytes', async () => {
  const produce = vi.fn(() => Promise.resolve([{ topic: 't', partition: 0, offset: 1 }]));
  await callerOf({ produce }).messages.produce({
    clusterId: 'c',
    topic: 't',
    key: { encoding: 'text', text: 'é' },
    value: null,
    headers: [{ key: 'h', value: { encoding: 'base64', base64: '/w==' } }],
  });
  expect(produce).toHaveBeenCalledWith([
    expect.objectContaining({
      key: Buffer.from([0xc3, 0xa9]),
      value: null,
      headers: [{ key: 'h', value: Buffer.from([0xff]) }],
      partition: null,
      timestampMs: null,
    }),
  ]);
});

test('the live stream hands every message on with its id and gives its lease back at the end', async () => {
  const messages: LiveMessage[] = [{ id: 'e-1', batch: { kind: 'facts', events: [], dropped: 2 } }];
  const context = contextOf({
    live: async function* () {
      yield* messages;
    },
  });
  const lease = await context.registry.lease('c');
  const stream = await createCallerFactory(appRouter)(context).live.stream({ clusterId: 'c' });
  const seen = [];
  for await (const message of stream) seen.push(message);
  expect(seen).toEqual([['e-1', messages[0]?.batch, expect.anything()]]);
  expect(lease.release).toHaveBeenCalledTimes(1);
});

const policy = { allowedHosts: ['console.example'] };
const request = (headers: Record<string, string>, method = 'GET') =>
  refusalOf(new Request('http://127.0.0.1:3000/api/trpc/x', { method, headers: { host: '127.0.0.1:3000', ...headers } }), policy)?.status ??
  200;
const json = { 'content-type': 'application/json; charset=utf-8' };

const cases: readonly (readonly [Record<string, string>, string, number, string])[] = [
  [{}, 'GET', 200, 'a program without browser headers'],
  [{ origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin', ...json }, 'POST', 200, 'the console itself'],
  [
    { origin: 'https://console.example:8443', 'sec-fetch-site': 'same-origin', ...json },
    'POST',
    200,
    'an allowed name behind a proxy that rewrites Host',
  ],
  [{ origin: 'https://console.example', 'sec-fetch-site': 'same-site', ...json }, 'POST', 403, 'another port or scheme of an allowed name'],
  [{ origin: 'https://console.example', ...json }, 'POST', 403, 'an allowed name, by a browser that does not say it is the same origin'],
  [
    { origin: 'https://other.example', 'sec-fetch-site': 'same-origin', ...json },
    'POST',
    403,
    'a name pointed at a proxy that rewrites Host',
  ],
  [{ 'sec-fetch-site': 'none' }, 'GET', 200, 'an address typed by hand'],
  [{ host: 'console.example' }, 'GET', 200, 'a name that was allowed'],
  [{ host: '[::1]:3000' }, 'GET', 200, 'loopback by its other name'],
  [{ origin: 'http://evil.example', ...json }, 'POST', 403, 'another site'],
  [{ origin: 'http://127.0.0.1:4000', ...json }, 'POST', 403, 'another port of this machine'],
  [{ origin: 'null', ...json }, 'POST', 403, 'a sandboxed frame'],
  [{ 'sec-fetch-site': 'cross-site' }, 'GET', 403, 'another site reading'],
  [{ 'sec-fetch-site': 'same-site' }, 'GET', 403, 'a neighbouring site'],
  [{ host: 'evil.example' }, 'GET', 421, 'a name pointed at loopback (DNS rebinding)'],
  [{ host: '' }, 'GET', 421, 'no name at all'],
  [{ 'content-type': 'text/plain' }, 'POST', 415, 'a form post that needs no permission of the browser'],
  [{ 'content-type': 'multipart/form-data; boundary=x' }, 'POST', 415, 'an upload'],
];

test.each(cases)('%o by %s is answered %d: %s', (headers, method, status) => {
  expect(request(headers, method)).toBe(status);
});

test('a refusal behind a proxy that rewrites Host names both names and what to set', async () => {
  const headers = { host: '127.0.0.1:3000', origin: 'https://kafka.example', 'sec-fetch-site': 'same-origin', ...json };
  const refusal = refusalOf(new Request('http://127.0.0.1:3000/api/trpc/x', { method: 'POST', headers }), policy);
  expect(refusal).not.toBeNull();
  const told = { kind: 'renamed-host', params: { origin: 'https://kafka.example', host: '127.0.0.1:3000', name: 'kafka.example' } };
  expect(await toRefusedResponse(refusal!).json()).toMatchObject({
    error: { json: { data: { told: { ...told, advice: 'allow-host' } } } },
  });
});

test('whoever asks under an unknown name reads that name and how to allow it', () => {
  expect(unknownHostText('Kafka.example:3000')).toContain('does not answer to the name "Kafka.example:3000"');
  expect(unknownHostText('Kafka.example:3000')).toContain('LOGARIUM_CONSOLE_HOSTS=kafka.example\n');
  expect(unknownHostText('x'.repeat(60_000)).length).toBeLessThan(2_000);
});

test('allowed names come from the environment, and none is allowed by an empty one', () => {
  expect(policyFromEnvironment({ LOGARIUM_CONSOLE_HOSTS: ' A.example, ,b ' }).allowedHosts).toEqual(['a.example', 'b']);
  expect(policyFromEnvironment({}).allowedHosts).toEqual([]);
});

test('cookies are read by name, and a broken one counts as none', () => {
  expect(cookieOf('a=1; logarium-locale=zh-CN', 'logarium-locale')).toBe('zh-CN');
  expect(cookieOf('xa=1', 'a')).toBeNull();
  expect(cookieOf('a=%E0%A4', 'a')).toBeNull();
});
