// Structured lines for people and machines: one JSON object a line on stderr. A line says what happened, to whom
// and why; values are fields, never woven into the text, so that lines can be filtered by `event`.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface BrokerLog {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const levelOrder: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

export interface LogSink {
  readonly minLevel: LogLevel;
  readonly brokerId: number;
  readonly nowMs: () => number;
  readonly write: (line: string) => void;
}

/** Builds a log that drops what lies under `minLevel` before it formats anything. */
export function createBrokerLog(sink: LogSink): BrokerLog {
  const threshold = levelOrder[sink.minLevel];
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (levelOrder[level] < threshold) return;
      const time = new Date(sink.nowMs()).toISOString();
      sink.write(`${JSON.stringify({ time, level, broker: sink.brokerId, event, ...fields })}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** For rooms under test. */
export const silentLog: BrokerLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
