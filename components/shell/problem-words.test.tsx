// @vitest-environment happy-dom
// What went wrong has to be readable in the reader's language: nothing of ours may stay English in a Chinese console, and
// what Kafka itself said stands as a quote behind a sentence that can be read.

import { cleanup, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '#components/testing/console.tsx';
import { ErrorNotice, type Problem } from '#components/ui/notice.tsx';
import { kafkaErrorData } from '#server/api/errors.ts';
import { ClusterError } from '#server/cluster/cluster-error.ts';
import { toClusterError } from '#server/cluster/kafka/to-cluster-error.ts';
import { adviceWords, type Trouble } from '#server/cluster/trouble.ts';
import { ClientError, ClusterUnreachableError, ServerError } from '#engine/client/errors.ts';
import { en } from './i18n/en.ts';
import { zh } from './i18n/zh.ts';
import type { Refusal } from '#server/api/request-guard.ts';
import { toProblem } from './problem.ts';

/** The compiler keeps this list whole: a trouble that no screen can word does not pass. The last three are the console's own. */
const kinds: Readonly<
  Record<Trouble['kind'] | Refusal['kind'] | 'console-silent' | 'proxy-answered' | 'bad-input' | 'not-permitted', true>
> = {
  'lab-no-broker': true,
  'lab-not-running': true,
  'lab-frozen': true,
  'lab-same-ends': true,
  'lab-holds': true,
  'lab-full': true,
  'unknown-topic': true,
  'unknown-partition': true,
  'partition-unled': true,
  'partition-beyond': true,
  'unknown-broker': true,
  'unknown-cluster': true,
  'unknown-job': true,
  'unknown-view': true,
  'view-name-taken': true,
  'views-full': true,
  'clusters-full': true,
  'console-stopping': true,
  'cluster-name-taken': true,
  'rename-refused': true,
  'no-address': true,
  'page-left': true,
  'scan-cancelled': true,
  'bad-address': true,
  'no-quorum': true,
  'nodes-elsewhere': true,
  'no-lab': true,
  'no-demo': true,
  'replays-running': true,
  'internal-target': true,
  'narrow-target': true,
  'batch-damaged': true,
  'records-unreadable': true,
  'old-format': true,
  'voter-already': true,
  'no-observer': true,
  'no-controller': true,
  'no-voter': true,
  'last-voter': true,
  'voters-configured': true,
  'voters-late': true,
  'controllers-unreachable': true,
  'no-broker-answers': true,
  refused: true,
  'link-timed-out': true,
  'link-versions': true,
  'link-connect-failed': true,
  'link-disconnected': true,
  'link-closed': true,
  'link-overloaded': true,
  'link-no-route': true,
  'link-malformed': true,
  'supervisor-silent': true,
  'lab-refused': true,
  'journal-lost': true,
  unexpected: true,
  'console-silent': true,
  'proxy-answered': true,
  'unknown-host': true,
  'renamed-host': true,
  'foreign-site': true,
  'not-json': true,
  'bad-input': true,
  'not-permitted': true,
};

test('every trouble and every advice has words', () => {
  expect(Object.keys(en.problem.told).toSorted()).toEqual(Object.keys(kinds).toSorted());
  expect(Object.keys(en.problem.advice).toSorted()).toEqual(Object.keys(adviceWords).toSorted());
});

test('the Chinese words are Chinese', () => {
  const sentences = [zh.problem.told, zh.problem.advice, zh.problem.kafka].flatMap((table) => Object.entries(table));
  expect(sentences.filter(([, words]) => !/[\u4e00-\u9fff]/.test(words))).toEqual([]);
});

/** What the browser gets of an error that the server threw. */
const arrived = (error: unknown): Error => {
  const known = toClusterError(error) as ClusterError;
  return Object.assign(new Error(known.message), { name: 'TRPCClientError', data: { kafka: kafkaErrorData(known) } });
};

function noticeOf(problem: Problem, locale: 'en' | 'zh' = 'zh'): string {
  cleanup();
  show(<ErrorNotice title="T" problem={problem} />, { locale });
  return screen.getByRole('alert').querySelector('p')?.textContent ?? '';
}
const chineseOf = (error: unknown): string => noticeOf(toProblem(arrived(error)));

test('a trouble of ours is told with its values, and what to do', () => {
  const full = new ClusterError('INVALID_INPUT', { kind: 'replays-running', params: { count: 4 } }, { advice: 'wait-for-replay' });
  expect(chineseOf(full)).toBe('已有 4 个重放在进行。 请等其中一个结束，或者取消一个。');
  expect(noticeOf(toProblem(arrived(full)), 'en')).toBe('4 replays are running already. Wait for one to end, or cancel one.');
});

test('what Kafka said is a quote behind a sentence of its code', () => {
  const refused = new ServerError(36, 'creating orders', "Topic 'orders' already exists.");
  expect(chineseOf(refused)).toBe("已有同名的主题。原话：“Topic 'orders' already exists.” 请换一个名称。");
});

test('a code without words of its own, and a code that no screen knows, still say that the cluster refused', () => {
  expect(chineseOf(new ServerError(36, 'creating orders'))).toBe('已有同名的主题。 请换一个名称。');
  expect(chineseOf(new ServerError(-7777, 'asking'))).toBe('集群拒绝了这个请求。');
});

test.each([
  ['timed-out', '有 broker 未能及时应答。'],
  ['unsupported-version', '控制台与该 broker 没有这个请求的共同版本。'],
  ['connect-failed', '无法连接到某个 broker。'],
  ['disconnected', '有 broker 在应答之前关闭了连接。'],
  ['closed', '连接已由本方关闭。'],
  ['overloaded', '等待此 broker 的请求已经过多。'],
  ['no-route', '集群中现在没有谁接受这个请求。'],
  ['malformed-response', '有 broker 发来了无法读懂的内容。'],
] as const)('a link that failed (%s) is told apart, with what was seen of it', (code, sentence) => {
  expect(chineseOf(new ClientError(code, '127.0.0.1:9092 did it'))).toContain(`${sentence}原话：“127.0.0.1:9092 did it”`);
});

test('that nobody answers names who was tried', () => {
  const lost = new ClusterUnreachableError([{ address: 'a:1', reason: 'refused' }]);
  expect(chineseOf(lost)).toBe(
    '没有 broker 应答。原话：“no broker answers: a:1 (refused)” 请检查各 broker 是否在运行，以及本机能否连到这些地址。',
  );
});

test('what fails before any cluster is asked is told too', () => {
  const failed = (data: unknown) => toProblem(Object.assign(new Error('Failed to fetch'), { name: 'TRPCClientError', data }));
  expect(noticeOf(failed(undefined))).toContain('控制台自身的服务没有应答。原话：“Failed to fetch”');
  expect(noticeOf(failed({ kafka: null, input: [{ path: 'name' }, { path: 'name' }, { path: 'ranges.0' }] }))).toBe(
    '控制台没有接受这些输入：name, ranges.0。',
  );
  expect(noticeOf(failed({ kafka: null, code: 'FORBIDDEN' }))).toContain('你没有做这件事的权限。');
  expect(noticeOf(failed({ kafka: null, code: 'INTERNAL_SERVER_ERROR' }))).toContain('发生了意料之外的错误。');
});

test('what a newer server tells, and this page has no words for, is shown as it was told', () => {
  const told = { kind: 'flux', params: {}, advice: null };
  expect(noticeOf({ message: 'the flux is low', code: null, advice: 'Wait.', told })).toBe('the flux is low Wait.');
  expect(noticeOf({ message: 'odd', code: null, advice: null, told: { ...told, kind: 'a.b' } })).toBe('odd');
});
