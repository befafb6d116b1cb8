// The introduction's example, with both releases of kafka-python: it must print the very record it sent, and its commit.

import { join } from 'node:path';
import { runCommand, type Surroundings } from './client.ts';
import { debianPython, newestPython } from './clients/kafka-python.ts';
import type { Report } from './report.ts';

const script = join(import.meta.dirname, 'introduction.py');

export async function checkIntroduction({ bootstrap }: Surroundings, report: Report): Promise<void> {
  for (const environment of [await debianPython(), await newestPython()]) {
    if (typeof environment === 'string') report.skip('introduction', environment);
    else
      report.check(
        'introduction',
        `the Python example with kafka-python ${environment.version}`,
        await faultWith(environment.python, bootstrap),
      );
  }
}

async function faultWith(python: string, bootstrap: readonly string[]): Promise<string | null> {
  try {
    return judge((await runCommand(python, [script, bootstrap.join(',')], { timeoutMs: 90_000 })).toString());
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The record's offset from sending it must be the one it was received at, and the commit must lie behind it. */
function judge(output: string): string | null {
  const [, partition, offset] = /^sent to my_topic (\d+) (\d+)$/m.exec(output) ?? [];
  if (partition === undefined) return `nothing was sent: ${output}`;
  if (!new RegExp(`^received my_topic ${partition} ${offset} message_key \\{"hello": "kafka", "client": "[\\d.]+"\\}$`, 'm').test(output))
    return `the record did not come back: ${output}`;
  return new RegExp(`^committed ${Number(offset) + 1}$`, 'm').test(output) ? null : `nothing was committed: ${output}`;
}
