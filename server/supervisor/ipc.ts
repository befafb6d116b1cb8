// Everything that crosses a process boundary on our side: broker <-> supervisor over the fork's IPC channel,
// console <-> supervisor over the control socket. Messages are checked where they enter; inside they are trusted.
// The broker's own messages are typed in `engine/trace/process-link.ts`, because the engine can't import us.

import { z } from 'zod';
import { labFault, labTarget, maxFaultMs, type LabEvent, type LabStatus } from './lab-messages.ts';
import type { LabRefusal } from './lab-refusal.ts';
import type { BrokerAnswer, BrokerMessage, BrokerMetrics } from '#engine/trace/process-link.ts';
import type { TraceEvent } from '#engine/trace/events.ts';

export type { BrokerAnswer, BrokerMessage, BrokerMetrics, TraceEvent };

const brokerMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    brokerId: z.number().int(),
    clusterId: z.string(),
    pid: z.number().int(),
    startedInMs: z.number(),
  }),
  z.object({
    type: z.literal('trace'),
    events: z.array(z.custom<TraceEvent>((event) => typeof event === 'object' && event !== null && 'kind' in event)),
    dropped: z.number().int(),
  }),
  z.object({
    type: z.literal('metrics'),
    metrics: z.custom<BrokerMetrics>((metrics) => typeof metrics === 'object' && metrics !== null && 'brokerId' in metrics),
  }),
  z.object({
    type: z.literal('answer'),
    askId: z.number().int(),
    answer: z.custom<BrokerAnswer | null>((answer) => answer === null || (typeof answer === 'object' && 'kind' in answer)),
  }),
  z.object({ type: z.literal('fatal'), reason: z.string(), advice: z.string().nullable() }),
  z.object({ type: z.literal('stopped') }),
]);

/** Checks a message from a broker process; null when it isn't one. Trace events are trusted beyond their shape: they come from our own child. */
export function parseBrokerMessage(raw: unknown): BrokerMessage | null {
  const parsed = brokerMessage.safeParse(raw);
  return parsed.success ? parsed.data : null;
}

/** What the console's process says to the supervisor that forked it. */
const consoleMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('fatal'), reason: z.string() }),
]);

/** null when it isn't one of ours: Next and its libraries may speak over the same channel. */
export function parseConsoleMessage(raw: unknown): z.infer<typeof consoleMessage> | null {
  const parsed = consoleMessage.safeParse(raw);
  return parsed.success ? parsed.data : null;
}

// -- control socket ----------------------------------------------------------------------------------

export const demoPlan = z.object({
  topic: z.string().min(1).max(249),
  partitions: z.number().int().min(1).max(60),
  producers: z.number().int().min(0).max(8),
  /** Records a second of all producers together. */
  ratePerSecond: z.number().int().min(1).max(2_000),
  keyCount: z.number().int().min(1).max(1_000_000),
  valueBytes: z.number().int().min(16).max(65_536),
  groupId: z.string().min(1).max(255),
  consumers: z.number().int().min(0).max(8),
});
export type DemoPlan = z.infer<typeof demoPlan>;

/** One demo client: a real client library in a process of its own. */
export interface DemoClient {
  readonly role: 'producer' | 'consumer';
  readonly clientId: string;
  readonly library: string;
  readonly pid: number | null;
  readonly state: 'starting' | 'running' | 'stopping' | 'failed';
  readonly recordsPerSecond: number;
  readonly totalRecords: number;
  readonly lastError: string | null;
}

export interface DemoStatus {
  readonly plan: DemoPlan | null;
  readonly clients: readonly DemoClient[];
}

export type ProcessState = 'starting' | 'ready' | 'draining' | 'stopped' | 'crashed' | 'backing-off';

export interface BrokerProcessStatus {
  readonly brokerId: number;
  readonly host: string;
  readonly port: number;
  readonly controllerPort: number | null;
  readonly state: ProcessState;
  readonly pid: number | null;
  readonly startedAtMs: number | null;
  readonly restarts: number;
  readonly lastExit: string | null;
  readonly metrics: BrokerMetrics | null;
}

export interface SupervisorStatus {
  readonly clusterId: string;
  readonly bootstrap: string;
  readonly brokers: readonly BrokerProcessStatus[];
}

const brokerQuestion = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('replica'), topic: z.string().min(1).max(249), partition: z.number().int().min(0) }),
  z.object({ kind: z.literal('quorum'), tail: z.number().int().min(0).max(500) }),
]);

const who = z.string().min(1).max(120);

/** Console to supervisor, one JSON object a line, each answered by a line with the same id. */
export const controlRequest = z.discriminatedUnion('method', [
  z.object({ id: z.number().int(), method: z.literal('status') }),
  z.object({ id: z.number().int(), method: z.literal('subscribe') }),
  /** Asks for the per-record facts, or says that nobody looks at them now. Counts for the connection it came over. */
  z.object({ id: z.number().int(), method: z.literal('trace'), params: z.object({ records: z.boolean() }) }),
  /** What one broker knows of itself: answered with a BrokerAnswer, or null by one that doesn't answer. */
  z.object({
    id: z.number().int(),
    method: z.literal('ask'),
    params: z.object({ brokerId: z.number().int().min(1), question: brokerQuestion }),
  }),
  z.object({ id: z.number().int(), method: z.literal('demo.status') }),
  z.object({ id: z.number().int(), method: z.literal('demo.start'), params: demoPlan }),
  z.object({ id: z.number().int(), method: z.literal('demo.stop') }),
  z.object({ id: z.number().int(), method: z.literal('lab.status') }),
  z.object({
    id: z.number().int(),
    method: z.literal('lab.inject'),
    params: z.object({ fault: labFault, durationMs: z.number().int().min(1_000).max(maxFaultMs), by: who }),
  }),
  z.object({ id: z.number().int(), method: z.literal('lab.undo'), params: z.object({ faultId: z.string().max(64), by: who }) }),
  z.object({ id: z.number().int(), method: z.literal('lab.healAll'), params: z.object({ by: who }) }),
  z.object({ id: z.number().int(), method: z.literal('lab.restart'), params: z.object({ brokerId: labTarget, by: who }) }),
  z.object({ id: z.number().int(), method: z.literal('lab.addBroker'), params: z.object({ by: who }) }),
]);
export type ControlRequest = z.infer<typeof controlRequest>;

export type ControlAnswer = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly error: ControlFailure };

export interface ControlFailure {
  readonly code: string;
  readonly message: string;
  /** Set where the lab refused. */
  readonly refusal?: LabRefusal;
}

/** Supervisor to a subscribed console, without an id. */
export type ControlPush =
  | { readonly push: 'trace'; readonly events: readonly TraceEvent[]; readonly dropped: number }
  | { readonly push: 'metrics'; readonly metrics: BrokerMetrics }
  | { readonly push: 'status'; readonly status: SupervisorStatus }
  | { readonly push: 'demo'; readonly status: DemoStatus }
  | { readonly push: 'lab'; readonly status: LabStatus; readonly event: LabEvent | null };

/** A line longer than this is not ours: the connection is closed. */
export const maxControlLineBytes = 4 * 1024 * 1024;
