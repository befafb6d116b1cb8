// The paced producer: records become due at an even rate, whatever the server does, and leave in the next batch, as a client
// without linger sends them. A record's latency counts from when it was due, so a server that stands still can't hide it.

import { connect, type Socket } from 'node:net';
import { decodeResponseFrame } from '#engine/protocol/headers.ts';
import { FrameSplitter } from '#engine/protocol/frame.ts';
import { produceApi } from '#engine/protocol/apis/00-produce.ts';
import { makeBatch, makeProduceFrame, produceVersion, stampCorrelation } from './frames.ts';
import type { PacedPlan, PacedResult } from './plan.ts';

const plan = JSON.parse(process.argv[2] ?? '') as PacedPlan;
/** As Kafka's own producer: more may wait, in larger batches. */
const maxInFlight = 5;
const maxAnswerBytes = 1024 * 1024;
const tickMs = 1;

interface Lane {
  readonly socket: Socket;
  readonly partitions: readonly number[];
  /** Each request's records, by when they were due. */
  readonly inFlight: (readonly number[])[];
  next: number;
}

const batches = new Map<number, Uint8Array>();
const latenciesUs: number[] = [];
let errors = 0;
let correlation = 0;
let due: number[] = [];

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

function batchOf(records: number): Uint8Array {
  const known = batches.get(records) ?? makeBatch({ recordBytes: plan.recordBytes, recordsPerBatch: records });
  batches.set(records, known);
  return known;
}

function openLane(port: number): Lane {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  const partitions = plan.leaderPorts.flatMap((leaderPort, partition) => (leaderPort === port ? [partition] : []));
  const lane: Lane = { socket, partitions, inFlight: [], next: 0 };
  const frames = new FrameSplitter((frame) => onAnswer(lane, frame), { maxBytes: maxAnswerBytes });
  socket.on('data', (chunk: Buffer) => frames.push(chunk));
  socket.on('error', (error) => {
    console.error(`paced: ${error.message}`);
    process.exit(2);
  });
  return lane;
}

function onAnswer(lane: Lane, frame: Uint8Array): void {
  const answeredUs = nowUs();
  const dueAt = lane.inFlight.shift() ?? [];
  const answer = decodeResponseFrame(produceApi, produceVersion, frame);
  if (answer.responses[0]?.partitionResponses[0]?.errorCode !== 0) errors += dueAt.length;
  for (const dueUs of dueAt) latenciesUs.push(answeredUs - dueUs);
}

function send(lane: Lane): void {
  const partition = lane.partitions[lane.next++ % lane.partitions.length] ?? 0;
  const frame = makeProduceFrame({ topic: plan.topic, acks: -1 }, partition, batchOf(due.length));
  stampCorrelation(frame, correlation++ & 0x7fffffff);
  lane.inFlight.push(due);
  due = [];
  lane.socket.write(frame);
}

const lanes = [...new Set(plan.leaderPorts)].map(openLane);
await Promise.all(lanes.map(({ socket }) => new Promise<void>((settle) => socket.once('connect', () => settle()))));
const startedUs = nowUs();
const total = plan.recordsPerSecond * plan.seconds;
let made = 0;
let turn = 0;

const tick = setInterval(() => {
  const shouldBe = Math.min(total, Math.floor(((nowUs() - startedUs) / 1e6) * plan.recordsPerSecond));
  for (; made < shouldBe; made++) due.push(startedUs + (made / plan.recordsPerSecond) * 1e6);
  const free = lanes.map((_, index) => lanes[(turn + index) % lanes.length] as Lane).find(({ inFlight }) => inFlight.length < maxInFlight);
  if (due.length > 0 && free !== undefined) {
    send(free);
    turn += 1;
  }
  if (made === total && due.length === 0 && lanes.every(({ inFlight }) => inFlight.length === 0)) report();
}, tickMs);

function report(): void {
  clearInterval(tick);
  // What a connection costs at first is no latency of the server's.
  const settled = latenciesUs.slice(Math.floor(latenciesUs.length / 10)).sort((a, b) => a - b);
  const at = (share: number): number => settled[Math.min(settled.length - 1, Math.floor(settled.length * share))] ?? 0;
  const result: PacedResult = { records: latenciesUs.length, errors, p50Us: at(0.5), p99Us: at(0.99), p999Us: at(0.999) };
  console.log(JSON.stringify(result));
  for (const { socket } of lanes) socket.destroy();
}
