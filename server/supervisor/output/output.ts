// Where everything goes that is printed below `npm start`. A terminal gets one calm sentence for each change and fault, and the JSON
// lines go to a file; anything else that reads our stdout gets the JSON lines, and people's words go to stderr.

import { entryOf, formatJson, type LogEntry, type LogLevel, type PrintedLine } from './log-entry.ts';
import { LogFile, logFilePath } from './log-file.ts';
import { Repeats, type Repeated } from './repeats.ts';
import { kindOf, sentenceOf } from './sentences.ts';

/** How often the counts of repeated lines are looked at. */
const repeatsEveryMs = 1_000;

const maxRepeatedLength = 60;

/** The process's own two streams, as far as they are needed. */
export interface Printer {
  readonly isTerminal: boolean;
  toStdout(line: string): void;
  toStderr(line: string): void;
}

/** What those who look after processes need of the log. */
export interface ProcessLog {
  printed(line: PrintedLine): void;
  say(level: LogLevel, event: string, fields: LogEntry['fields']): void;
}

export interface Log extends ProcessLog {
  /** From here on the data directory may hold the log; answers its file, null where the lines go to stdout. */
  openFile(dataDirectory: string): string | null;
}

/** What children print, as it is: for whoever runs a supervisor without being the program. */
export const plainLog: Log = {
  openFile: () => null,
  printed: ({ text }) => void process.stderr.write(`${text}\n`),
  say: () => {},
};

export class Output implements Log {
  readonly #printer: Printer;
  readonly #repeats = new Repeats();
  #file: LogFile | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  openFile(dataDirectory: string): string | null {
    if (!this.#printer.isTerminal) return null;
    const onFailure = (reason: string | null): void =>
      this.#show(reason === null ? 'The log is written again.' : `The log can't be written, its lines are lost: ${reason}`);
    this.#file = new LogFile(logFilePath(dataDirectory), onFailure);
    return this.#file.path;
  }

  /** Words for a person, as they are. */
  tell(lines: readonly string[]): void {
    for (const line of lines) (this.#printer.isTerminal ? this.#printer.toStdout : this.#printer.toStderr)(line);
  }

  say(level: LogLevel, event: string, fields: LogEntry['fields'] = {}): void {
    this.#take({ time: new Date().toISOString(), level, source: 'supervisor', event, fields });
  }

  printed(line: PrintedLine): void {
    this.#take(entryOf(line, Date.now()));
  }

  /** Says the last word, after what was only counted until now. */
  end(event: 'stopped' | 'killed'): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#showRepeated(this.#repeats.takeDue(Infinity));
    this.say('info', event, {});
    this.#file?.close();
  }

  #take(entry: LogEntry): void {
    if (!this.#printer.isTerminal) return this.#printer.toStdout(formatJson(entry));
    this.#file?.write(formatJson(entry));
    const sentence = sentenceOf(entry);
    if (sentence !== null && this.#repeats.take(kindOf(entry), sentence, Date.now())) this.#show(sentence);
    this.#timer ??= setInterval(() => this.#showRepeated(this.#repeats.takeDue(Date.now())), repeatsEveryMs).unref();
  }

  #showRepeated(repeated: readonly Repeated[]): void {
    for (const { sentence, more } of repeated) this.#show(`${more} more like this: ${shorten(sentence)}`);
  }

  #show(sentence: string): void {
    this.#printer.toStdout(`  ${new Date().toTimeString().slice(0, 8)}  ${sentence}`);
  }
}

/** It has been read once already. */
function shorten(sentence: string): string {
  return sentence.length <= maxRepeatedLength ? sentence : `${sentence.slice(0, maxRepeatedLength)}…`;
}
