// Turns whatever a call failed with into what a person can read: what happened, the code, what to do next. What is known
// as data stays data (`told`); problem-words.tsx has the words for it.
import type { Problem, ToldProblem } from '#components/ui/notice.tsx';
import { ProxyAnsweredError } from './console-fetch.ts';

export interface Try {
  readonly address: string;
  readonly reason: string;
}

interface KafkaData {
  readonly code?: unknown;
  readonly advice?: unknown;
  readonly tries?: unknown;
  readonly told?: unknown;
}

export function toProblem(error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const kafka = kafkaData(error);
  return {
    message,
    code: typeof kafka.code === 'string' ? kafka.code : null,
    advice: typeof kafka.advice === 'string' ? kafka.advice : null,
    told: [kafka.told, field(field(error, 'data'), 'told')].find(isTold) ?? toldByConsole(error, message),
  };
}

/** Who failed when nothing could be learned: the cluster's brokers, the console's own server (silent, refusing, or by a fault of its own), or what stands before it. */
export type LostParty = 'cluster' | 'console' | 'proxy' | 'refused' | 'failed';

/** null: somebody answered, and said what is wrong. */
export function lostPartyOf(error: unknown): LostParty | null {
  if (kafkaData(error).code === 'CLUSTER_LOST') return 'cluster';
  if (proxyStatusOf(error) !== null) return 'proxy';
  if (isConsoleSilent(error)) return 'console';
  return isTold(field(field(error, 'data'), 'told')) ? 'refused' : null;
}

/** Who is to blame where an answer came, and was an error. */
export function failedPartyOf(error: unknown): LostParty {
  return lostPartyOf(error) ?? (typeof kafkaData(error).code === 'string' ? 'cluster' : 'failed');
}

/** Whether nobody answered at all: no broker, or no console server. */
export function isContactLost(error: unknown): boolean {
  return lostPartyOf(error) !== null;
}

const notFoundCodes: readonly unknown[] = ['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'GROUP_ID_NOT_FOUND', 'UNKNOWN_BROKER'];

/** Whether the cluster answered that it has no such thing. */
export function isNotFound(error: unknown): boolean {
  return notFoundCodes.includes(kafkaData(error).code);
}

export function triesOf(error: unknown): readonly Try[] {
  const { tries } = kafkaData(error);
  return Array.isArray(tries) ? tries.filter(isTry) : [];
}

/** What went wrong between browser and console, where no cluster was asked. */
function toldByConsole(error: unknown, message: string): ToldProblem {
  const [input, code] = [field(field(error, 'data'), 'input'), field(field(error, 'data'), 'code')];
  const words = { words: message };
  const status = proxyStatusOf(error);
  if (status !== null) return { kind: 'proxy-answered', params: { status }, advice: 'check-proxy' };
  if (isConsoleSilent(error)) return { kind: 'console-silent', params: words, advice: 'still-running' };
  if (Array.isArray(input)) return { kind: 'bad-input', params: { fields: fieldsOf(input) }, advice: null };
  return { kind: code === 'FORBIDDEN' ? 'not-permitted' : 'unexpected', params: words, advice: null };
}

function isConsoleSilent(error: unknown): boolean {
  return error instanceof Error && error.name === 'TRPCClientError' && field(error, 'data') === undefined;
}

function proxyStatusOf(error: unknown): number | null {
  const cause = field(error, 'cause');
  return cause instanceof ProxyAnsweredError ? cause.status : null;
}

function fieldsOf(issues: readonly unknown[]): string {
  return [...new Set(issues.map((issue) => String(field(issue, 'path') ?? '')))].join(', ');
}

function kafkaData(error: unknown): KafkaData {
  const kafka = field(field(error, 'data'), 'kafka');
  return typeof kafka === 'object' && kafka !== null ? kafka : {};
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? ((value as Record<string, unknown>)[name] ?? undefined) : undefined;
}

function isTold(value: unknown): value is ToldProblem {
  const [params, advice] = [field(value, 'params'), field(value, 'advice')];
  return typeof field(value, 'kind') === 'string' && typeof params === 'object' && (advice === undefined || typeof advice === 'string');
}

function isTry(value: unknown): value is Try {
  return typeof field(value, 'address') === 'string' && typeof field(value, 'reason') === 'string';
}
