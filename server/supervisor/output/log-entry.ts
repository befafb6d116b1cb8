// One line of the log, whoever wrote it: brokers, console, demo clients or the supervisor itself. Brokers print them as JSON; what
// is not JSON (a stack trace, a warning of Node or Next) becomes an entry too, so that every line of the log is one object.

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogEntry {
  readonly time: string;
  readonly level: LogLevel;
  /** Who says it: "broker 2", "console", "supervisor". */
  readonly source: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface PrintedLine {
  readonly source: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** What a child printed, as an entry. */
export function entryOf({ source, stream, text }: PrintedLine, nowMs: number): LogEntry {
  const { time, level, event, ...fields } = parseObject(text);
  if (typeof time === 'string' && isLogLevel(level) && typeof event === 'string') return { time, level, source, event, fields };
  const isComplaint = stream === 'stderr';
  return { time: new Date(nowMs).toISOString(), level: isComplaint ? 'warn' : 'info', source, event: 'printed', fields: { text } };
}

export function formatJson({ time, level, source, event, fields }: LogEntry): string {
  return JSON.stringify({ time, level, source, event, ...fields });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith('{')) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : {};
  } catch {
    return {}; // a line that only looks like JSON: it is kept as text
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isLogLevel(value: unknown): value is LogLevel {
  return value === 'debug' || value === 'info' || value === 'warn' || value === 'error';
}
