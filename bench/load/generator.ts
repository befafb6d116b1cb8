// The load process: keeps a fixed number of requests in flight on raw sockets and counts the answers. It decodes nothing
// but the length, the correlation id and, in the first answers, the error code, so that it is never the bottleneck.

import { connect, type Socket } from 'node:net';
import { makeBatch, makeFetchFrame, makeProduceFrame, stampCorrelation } from './frames.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

const plan = JSON.parse(process.argv[2] ?? '') as LoadPlan;
const latencySamples = 200_000;
const batch = makeBatch(plan);

interface Lane {
  readonly socket: Socket;
  readonly frames: readonly Buffer[];
  readonly sentAt: number[];
  /** Bytes of an answer's length that came so far. */
  readonly length: Buffer;
  lengthBytes: number;
  /** Bytes of the answer that are still to come. */
  want: number;
  next: number;
}

let requests = 0;
let bytes = 0;
let errors = 0;
let correlation = 0;
const latencies: number[] = [];
const startedUs = nowUs();
const endUs = startedUs + plan.seconds * 1e6;
const lanes = routes();
let open = lanes.length;

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

interface Route {
  readonly port: number;
  readonly partitions: readonly number[];
}

/** One connection to each leader, or as many as the plan says to the one server there is. */
function routes(): readonly Route[] {
  const all = Array.from({ length: plan.partitions }, (_, partition) => partition);
  const { leaderPorts } = plan;
  if (leaderPorts === undefined)
    return Array.from({ length: plan.connections }, (_, lane) => ({
      port: plan.port,
      partitions: all.filter((partition) => partition % plan.connections === lane),
    }));
  return [...new Set(leaderPorts)].map((port) => ({ port, partitions: all.filter((partition) => leaderPorts[partition] === port) }));
}

function framesOf(mine: readonly number[]): Buffer[] {
  if (plan.kind !== 'fetch') return mine.map((partition) => makeProduceFrame(plan, partition, batch));
  const step = Math.max(1, Math.floor(plan.fetchBytes / batch.length)) * plan.recordsPerBatch;
  const stops = Math.min(256, Math.max(1, Math.floor(plan.endOffset / step) - 1));
  return Array.from({ length: stops }, (_, index) => makeFetchFrame(plan, mine[index % mine.length] ?? 0, index * step));
}

function send(lane: Lane): void {
  const frame = lane.frames[lane.next++ % lane.frames.length];
  if (frame === undefined) return;
  // The same buffer may still wait in the socket when its turn comes again, so each send has its own header bytes.
  const head = Buffer.from(frame.subarray(0, 12));
  stampCorrelation(head, correlation++ & 0x7fffffff);
  lane.sentAt.push(nowUs());
  lane.socket.cork();
  lane.socket.write(head);
  lane.socket.write(frame.subarray(12));
  lane.socket.uncork();
}

function onAnswer(lane: Lane, sizeBytes: number): void {
  const sentUs = lane.sentAt.shift() ?? 0;
  const atUs = nowUs();
  requests += 1;
  bytes += plan.kind === 'fetch' ? sizeBytes : batch.length;
  if (latencies.length < latencySamples) latencies.push(atUs - sentUs);
  if (atUs < endUs) send(lane);
  else if (lane.sentAt.length === 0) finish(lane);
}

/** Counts whole answers without keeping their bytes: what was fetched is thrown away as it comes. */
function onData(lane: Lane, chunk: Buffer): void {
  let at = 0;
  while (at < chunk.length) {
    if (lane.want === 0) {
      const taken = chunk.copy(lane.length, lane.lengthBytes, at, at + 4 - lane.lengthBytes);
      at += taken;
      lane.lengthBytes += taken;
      if (lane.lengthBytes < 4) return;
      lane.want = lane.length.readInt32BE(0);
    }
    const taken = Math.min(lane.want, chunk.length - at);
    at += taken;
    lane.want -= taken;
    if (lane.want > 0) return;
    lane.lengthBytes = 0;
    onAnswer(lane, lane.length.readInt32BE(0));
  }
}

function finish(lane: Lane): void {
  lane.socket.end();
  open -= 1;
  if (open === 0) report();
}

function report(): void {
  const seconds = (nowUs() - startedUs) / 1e6;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const { user, system } = process.cpuUsage();
  const records = plan.kind === 'fetch' ? Math.round((bytes / batch.length) * plan.recordsPerBatch) : requests * plan.recordsPerBatch;
  const result: LoadResult = {
    requests,
    records,
    bytes,
    seconds,
    errors,
    p50Us: at(0.5),
    p99Us: at(0.99),
    generatorCpuSeconds: (user + system) / 1e6,
  };
  console.log(JSON.stringify(result));
}

for (const { port, partitions } of lanes) {
  const socket = connect({ host: plan.host, port, noDelay: true });
  const lane: Lane = { socket, frames: framesOf(partitions), next: 0, sentAt: [], length: Buffer.alloc(4), lengthBytes: 0, want: 0 };
  socket.on('data', (chunk: Buffer) => onData(lane, chunk));
  socket.on('error', (error) => {
    console.error(`load: ${error.message}`);
    process.exit(2);
  });
  socket.on('close', () => {
    if (lane.sentAt.length > 0) {
      errors += lane.sentAt.length;
      console.error('load: the server closed the connection');
      process.exit(2);
    }
  });
  socket.once('connect', () => {
    for (let sent = 0; sent < Math.max(1, Math.floor(plan.inFlight / lanes.length)); sent++) send(lane);
  });
}
