// The other end of ToolShell.java: one command at a time, its output and whether it went well.

import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const endOfCommand = /\n<exit code (\d+)>\n/;
const commandLimitMs = 90_000;

export interface ToolOutcome {
  readonly output: string;
  readonly isFine: boolean;
}

export class ToolShell {
  readonly #child: ChildProcess;
  #output = '';
  #onOutput: () => void = () => {};

  constructor(classPath: string) {
    // Standard error belongs to what a tool says, so both go one way.
    const command = [
      'exec java -Xmx512M -XX:TieredStopAtLevel=1 -cp "$0" "$1" 2>&1',
      classPath,
      join(import.meta.dirname, 'ToolShell.java'),
    ];
    this.#child = spawn('sh', ['-c', ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#onOutput();
    });
  }

  run(args: readonly string[]): Promise<ToolOutcome> {
    this.#output = '';
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        reject(new Error(`${args.join(' ')} ${why}: ${this.#output.slice(-900)}`));
      };
      const deadline = setTimeout(() => {
        fail(`did not end within ${commandLimitMs} ms`);
      }, commandLimitMs);
      this.#child.once('exit', () => {
        fail('took Java down');
      });
      this.#onOutput = () => {
        const end = endOfCommand.exec(this.#output);
        if (end === null) return;
        clearTimeout(deadline);
        this.#child.removeAllListeners('exit');
        resolve({ output: this.#output.slice(0, end.index), isFine: end[1] === '0' });
      };
      this.#child.stdin?.write(`${args.join('\t')}\n`);
    });
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
