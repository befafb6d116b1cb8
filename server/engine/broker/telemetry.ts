// What a broker tells the process that started it: facts about 20 times a second, figures once a second.
// Without a parent nothing is sent; the counters are kept all the same, they cost nothing.

import type { TimerHandle, World } from '#engine/world/ports.ts';
import { takeFigures, type Metrics } from '#engine/trace/metrics.ts';
import type { BrokerMessage, BrokerMetrics } from '#engine/trace/process-link.ts';
import type { TraceRing } from '#engine/trace/ring.ts';

const traceEveryMs = 50;
const metricsEveryMs = 1000;
const produceKey = 0;
const fetchKey = 1;

/** Figures only the process itself can tell; `main` reads them from Node. */
export interface ProcessFigures {
  /** Share of time since the last call in which the event loop had nothing to do. */
  readonly idleRatio: number;
  /** Share of one core since the last call. */
  readonly cpuRatio: number;
  readonly residentBytes: number;
  readonly openFiles: number | null;
  readonly openFilesLimit: number | null;
}

export interface TelemetryOptions {
  readonly brokerId: number;
  readonly world: World;
  readonly metrics: Metrics;
  readonly ring: TraceRing;
  readonly takeProcessFigures: () => ProcessFigures;
  /** Of this broker, now. */
  readonly countPartitions: () => Pick<BrokerMetrics, 'partitions' | 'partitionLimit'>;
  readonly send: (message: BrokerMessage) => void;
}

export class Telemetry {
  readonly #options: TelemetryOptions;
  readonly #timers: (TimerHandle | undefined)[] = [undefined, undefined];

  constructor(options: TelemetryOptions) {
    this.#options = options;
  }

  start(): void {
    this.#repeat(0, traceEveryMs, () => {
      this.flush();
    });
    this.#repeat(1, metricsEveryMs, () => {
      this.#options.send({ type: 'metrics', metrics: this.snapshot() });
    });
  }

  stop(): void {
    for (const timer of this.#timers) if (timer !== undefined) this.#options.world.timers.clearTimer(timer);
    this.flush();
  }

  /** Sends what is still buffered: the facts of the end matter most. */
  flush(): void {
    const { events, dropped } = this.#options.ring.drain();
    if (events.length > 0 || dropped > 0) this.#options.send({ type: 'trace', events, dropped });
  }

  /** Reads the figures of the time since the last call. */
  snapshot(): BrokerMetrics {
    const { brokerId, world, metrics, ring, takeProcessFigures, countPartitions } = this.#options;
    return {
      ...metrics.counters,
      brokerId,
      atMs: world.clock.nowMs(),
      atUs: world.clock.monotonicUs(),
      produce: takeFigures(metrics.api(produceKey).byStage.total),
      fetch: takeFigures(metrics.api(fetchKey).byStage.total),
      ...takeProcessFigures(),
      ...countPartitions(),
      traceDropped: ring.dropped,
      writers: metrics.writers.take(),
    };
  }

  #repeat(index: number, everyMs: number, action: () => void): void {
    this.#timers[index] = this.#options.world.timers.setTimer(everyMs, () => {
      action();
      this.#repeat(index, everyMs, action);
    });
  }
}
