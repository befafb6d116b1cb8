import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  axisTicks,
  curve,
  isRoutine,
  laneBox,
  laneKind,
  laneMarks,
  niceTop,
  scaleTop,
  spikes,
  timeX,
  type LaneEvent,
  type LaneSample,
} from './lane-model.ts';
import type { RateSample } from '#server/cluster/port.ts';

const nowMs = 1_700_000_000_000;
const frame = { width: 1_206, fromMs: nowMs - 300_000, toMs: nowMs };
const sample = (agoSeconds: number, recordsInPerSecond: number, recordsOutPerSecond: number | null = null): RateSample => ({
  atMs: nowMs - agoSeconds * 1_000,
  bytesInPerSecond: null,
  bytesOutPerSecond: null,
  recordsInPerSecond,
  recordsOutPerSecond,
  produceP99Ms: null,
  fetchP99Ms: null,
  idleRatios: null,
});
const happened = (agoSeconds: number, kind = 'topic-created', detail: LaneEvent['detail'] = {}): LaneEvent => ({
  atMs: nowMs - agoSeconds * 1_000,
  kind,
  subject: 'orders',
  cause: '',
  detail,
});

describe('the axis', () => {
  test('begins and ends inside the case', () => {
    expect(timeX(frame, frame.fromMs)).toBe(laneBox.left);
    expect(timeX(frame, frame.toMs)).toBe(frame.width - laneBox.right);
  });

  test('is marked at whole minutes only', () => {
    const ticks = axisTicks(frame);
    expect(ticks.length).toBeGreaterThanOrEqual(4);
    expect(ticks.every((tick) => tick.atMs % 60_000 === 0)).toBe(true);
  });

  test.each([320, 390, 700, 1_400])('on a screen of %i pixels no label runs into the next, whatever the span', (width) => {
    for (const minutes of [5, 15, 60]) {
      const ticks = axisTicks({ width, fromMs: nowMs - minutes * 60_000, toMs: nowMs });
      const steps = ticks.slice(1).map((tick, index) => tick.x - ticks[index]!.x);
      expect(ticks.length, `${minutes} min`).toBeGreaterThan(0);
      expect(Math.min(...steps, 52), `${minutes} min`).toBeGreaterThanOrEqual(51.9);
    }
  });

  test.each([
    [0, 10],
    [10, 10],
    [11, 20],
    [126, 200],
    [201, 500],
    [999, 1_000],
    [7_420, 10_000],
  ])('a highest rate of %s has its top at %s', (most, top) => {
    expect(niceTop(most)).toBe(top);
  });

  test('the top leaves room for every rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (most) => {
        expect(niceTop(most)).toBeGreaterThanOrEqual(most);
      }),
    );
  });

  test("samples before the span don't set the scale", () => {
    expect(scaleTop([sample(900, 5_000), sample(10, 15)], frame.fromMs)).toBe(20);
  });

  /** Five minutes at one rate, newest last. */
  const steady = (rate: number, seconds = 300): LaneSample[] =>
    Array.from({ length: seconds }, (_, index) => sample(seconds - 1 - index, rate));

  test('one spike does not press five minutes of traffic flat: it is cut, at its place, with its height', () => {
    const samples = steady(126);
    samples[200] = sample(99, 48_000);
    samples[201] = sample(98, 52_000);
    const top = scaleTop(samples, frame.fromMs);
    expect(top).toBe(200);
    expect(spikes(samples, frame, top)).toEqual([{ x: timeX(frame, sample(98, 0).atMs), peak: 52_000, atMs: sample(98, 0).atMs }]);
  });

  test('traffic that just began, or just rose for good, is no spike', () => {
    expect(scaleTop([...steady(0), sample(1, 120), sample(0, 120)], frame.fromMs)).toBe(200);
    const risen = steady(100).map((one, index) => (index < 292 ? one : sample(299 - index, 5_000)));
    expect(scaleTop(risen, frame.fromMs)).toBe(5_000);
    expect(spikes(risen, frame, 5_000)).toEqual([]);
  });

  test('nine tenths of the seconds with traffic are always on the scale', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 120 }), (rates) => {
        const samples = rates.map((rate, index) => sample(rates.length - 1 - index, rate));
        const top = scaleTop(samples, frame.fromMs);
        const flowing = rates.filter((rate) => rate > 0);
        expect(flowing.filter((rate) => rate > top).length).toBeLessThanOrEqual(flowing.length / 10);
      }),
    );
  });
});

describe('the throughput curve', () => {
  const look = { top: 100, value: (one: LaneSample) => one.recordsInPerSecond };

  test('goes through every sample', () => {
    const { line, area } = curve([sample(2, 0), sample(1, 50), sample(0, 100)], frame, look);
    expect(line.match(/[ML]/g)).toHaveLength(3);
    expect(line).toContain(` ${laneBox.base.toFixed(1)}`);
    expect(line.endsWith(` ${laneBox.top.toFixed(1)}`)).toBe(true);
    expect(area.endsWith('Z')).toBe(true);
  });

  test('breaks where nothing was measured instead of drawing over it', () => {
    const { line, area } = curve([sample(60, 10), sample(59, 10), sample(20, 10), sample(19, 10)], frame, look);
    expect(line.match(/M/g)).toHaveLength(2);
    expect(area.match(/Z/g)).toHaveLength(2);
  });

  test('unknown is not drawn as nought', () => {
    expect(curve([sample(1, 5, null)], frame, { top: 10, value: (one) => one.recordsOutPerSecond })).toEqual({ line: '', area: '' });
  });

  test('a sample beyond the shown moment is not shown: the picture may be paused', () => {
    expect(curve([sample(-5, 5)], frame, look).line).toBe('');
  });
});

describe('the marks', () => {
  test('stand at their time, and events at one moment are one mark', () => {
    const marks = laneMarks([happened(100), happened(100), happened(10)], frame);
    expect(marks.map((mark) => mark.events.length)).toEqual([2, 1]);
    expect(marks[0]?.x).toBeCloseTo(timeX(frame, nowMs - 100_000));
  });

  test('what is outside of the span is not shown', () => {
    expect(laneMarks([happened(301), happened(-1)], frame)).toEqual([]);
  });

  test('a mark of several wears the gravest of their shapes', () => {
    expect(
      laneMarks(
        [happened(50, 'leader-changed', { previousLeaderId: 1 }), happened(50, 'broker-fenced'), happened(50, 'group-state-changed')],
        frame,
      )[0]?.kind,
    ).toBe('down');
  });

  test('routine stays off the lane', () => {
    expect(isRoutine(happened(1, 'log-recovered', { removedBytes: 0 }))).toBe(true);
    expect(isRoutine(happened(1, 'log-recovered', { removedBytes: 7 }))).toBe(false);
    expect(isRoutine(happened(1, 'leader-changed', { previousLeaderId: -1 }))).toBe(true);
    expect(isRoutine(happened(1, 'leader-changed', { previousLeaderId: 2 }))).toBe(false);
    expect(isRoutine(happened(1, 'broker-registered'))).toBe(true);
    expect(
      ['PreparingRebalance', 'CompletingRebalance', 'Stable', 'Empty'].map((state) =>
        isRoutine(happened(1, 'group-state-changed', { state })),
      ),
    ).toEqual([true, true, false, false]);
  });

  test('an election where nobody was in sync is never routine, and one that may have lost records is named and outranks the loss', () => {
    const by = (kind: string): LaneEvent =>
      happened(50, 'leader-changed', { previousLeaderId: -1, leaderId: 2, why: { kind, params: { broker: 2 } } });
    const elections = ['elected-eligible', 'elected-last-known', 'elected-unclean'].map(by);
    expect(elections.map(isRoutine)).toEqual([false, false, false]);
    expect(elections.map(laneKind)).toEqual(['elect', 'unclean', 'unclean']);
    const ofKafka = elections.map((event) => isRoutine({ ...event, subject: '__consumer_offsets-3' }));
    expect(ofKafka, "of Kafka's own topics only what may be lost is news").toEqual([true, false, false]);
    expect(laneMarks([happened(50, 'broker-fenced'), ...elections], frame)[0]?.kind).toBe('unclean');
    expect(laneKind(by('constructor')), 'a store may hold anything').toBe('elect');
  });

  test('faults of the lab are told apart from their end, and outrank what follows from them', () => {
    expect(['fault-injected', 'fault-ended', 'broker-restarted'].map((kind) => laneKind(happened(1, kind)))).toEqual([
      'fault',
      'faultEnded',
      'up',
    ]);
    expect(laneMarks([happened(50, 'fault-injected'), happened(50, 'leader-changed', { previousLeaderId: 1 })], frame)[0]?.kind).toBe(
      'fault',
    );
  });

  test('a kind from a newer server is a change, not a crash', () => {
    expect(laneKind(happened(1, 'something-new'))).toBe('other');
  });

  test('words never overlap each other or leave the lane, however events fall', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 40 }), (agos) => {
        const spans = laneMarks(
          agos.map((ago) => happened(ago)),
          frame,
        ).flatMap((mark): [number, number][] =>
          mark.words === null ? [] : mark.words === 'right' ? [[mark.x, mark.x + 150]] : [[mark.x - 150, mark.x]],
        );
        for (let at = 1; at < spans.length; at += 1) expect(spans[at]![0]).toBeGreaterThanOrEqual(spans[at - 1]![1] - 0.001);
        for (const [from, to] of spans) {
          expect(from).toBeGreaterThanOrEqual(laneBox.titleEnd);
          expect(to).toBeLessThanOrEqual(frame.width - laneBox.right + 0.001);
        }
      }),
    );
  });

  test('a mark under the title hangs below it and leaves it its words', () => {
    const marks = laneMarks([happened(298), happened(100)], frame);
    expect(marks.map((mark) => [mark.isLow, mark.words])).toEqual([
      [true, null],
      [false, 'right'],
    ]);
  });

  test('no event is lost among the marks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 299 }), { maxLength: 60 }), (agos) => {
        expect(
          laneMarks(
            agos.map((ago) => happened(ago)),
            frame,
          ).reduce((sum, mark) => sum + mark.events.length, 0),
        ).toBe(agos.length);
      }),
    );
  });
});
