// Answers what the record knows of a moment.

import { healthReasons, noGroupTroubles, toHealthReport } from '../health.ts';
import type { PastMoment, PastPicture, PastSecond, RecordSpan } from '../past.ts';
import { allPartitions } from '../topic-counts.ts';
import { keptMs, keyframePauseMs, maxFoldedEvents, slowestKeyframeMs } from './bounds.ts';
import { foldPicture, foldsFromMs } from './fold.ts';
import type { KeyframeStore, PastEvents, Range, StoredKeyframe } from './keyframe-store.ts';
import { momentAfter, momentBefore } from './moments.ts';
import { UnpackedFrames } from './unpacked-frames.ts';

export interface HistoryReaderOptions {
  readonly frames: Omit<KeyframeStore, 'append'>;
  readonly events: PastEvents;
  readonly nowMs: () => number;
  /** Why a cluster's record isn't being written now. */
  readonly failureOf: (clusterId: string) => string | null;
}

/** Flows are measured over about this long: groups commit every five seconds, and a shorter look would see none. */
const flowSpanMs = 9_000;
/** After this many pauses without another frame the record has a hole. */
const holePauses = 3;
/** Events looked at to find where a step leads. */
const stepReach = 300;

export class HistoryReader {
  readonly #options: HistoryReaderOptions;
  readonly #unpacked = new UnpackedFrames();

  constructor(options: HistoryReaderOptions) {
    this.#options = options;
  }

  async span(clusterId: string): Promise<RecordSpan> {
    const nowMs = this.#options.nowMs();
    const span = await this.#options.frames.span(clusterId, nowMs - keptMs);
    const times = await this.#options.events.timesBefore(clusterId, nowMs, stepReach);
    return {
      fromMs: span?.fromMs ?? null,
      toMs: span?.toMs ?? null,
      lastEventMs: withinSpan(momentBefore(times, nowMs), span?.fromMs ?? null),
      failure: this.#options.failureOf(clusterId),
    };
  }

  async at(clusterId: string, askedMs: number): Promise<PastMoment> {
    const nowMs = this.#options.nowMs();
    const atMs = Math.min(askedMs, nowMs);
    const sinceMs = nowMs - keptMs;
    const frame = await this.#options.frames.newest(clusterId, { fromMs: sinceMs, toMs: atMs });
    if (frame === null) return { kind: 'unrecorded', atMs, fromMs: (await this.#options.frames.span(clusterId, sinceMs))?.fromMs ?? null };
    return this.#pictureAt(clusterId, frame, atMs);
  }

  /** Throughput, a second at a time, oldest first. */
  seconds(clusterId: string, range: Range): Promise<readonly PastSecond[]> {
    const fromMs = Math.max(range.fromMs, this.#options.nowMs() - keptMs);
    return this.#options.frames.seconds(clusterId, { fromMs, toMs: range.toMs });
  }

  async #pictureAt(clusterId: string, frame: StoredKeyframe, atMs: number): Promise<PastPicture> {
    const { frames, events } = this.#options;
    const recordMs = this.#options.nowMs() - keptMs;
    const keyframe = await this.#unpacked.get(clusterId, frame);
    const [earlier, happened, earlierTimes, laterTimes] = await Promise.all([
      frames.newest(clusterId, { fromMs: frame.atMs - slowestKeyframeMs, toMs: frame.atMs - flowSpanMs }),
      events.between(clusterId, { fromMs: foldsFromMs(keyframe), toMs: atMs }, maxFoldedEvents),
      events.timesBefore(clusterId, atMs, stepReach),
      events.timesAfter(clusterId, atMs, stepReach),
    ]);
    const { picture, missing } = foldPicture(keyframe, happened, atMs);
    const span = await frames.span(clusterId, recordMs);
    return {
      kind: 'picture',
      atMs,
      picture,
      before: earlier === null ? null : await this.#unpacked.get(clusterId, earlier),
      keyframeMs: frame.atMs,
      isHeard: atMs - frame.atMs <= holePauses * keyframePauseMs(allPartitions(picture.overview)),
      missing,
      health: toHealthReport(healthReasons({ overview: picture.overview, groups: noGroupTroubles }), atMs, null),
      previousMs: withinSpan(momentBefore(earlierTimes, atMs), span?.fromMs ?? null),
      nextMs: momentAfter(laterTimes, atMs),
    };
  }
}

/** The timeline reaches further back than the pictures do; a step to where there is no picture leads nowhere. */
function withinSpan(momentMs: number | null, fromMs: number | null): number | null {
  return momentMs === null || fromMs === null || momentMs < fromMs ? null : momentMs;
}
