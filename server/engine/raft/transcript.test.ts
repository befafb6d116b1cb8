// Runs the scripts under testdata and compares every effect, line by line, with what the file says. To accept a change on
// purpose run vitest with -u and read the difference before committing it.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TestCluster } from './testing/test-cluster.ts';

const directory = new URL('./testdata/', import.meta.url);

class Script {
  #cluster = new TestCluster({ voters: [1], seed: 1 });

  perform(line: string): void {
    const [verb = '', ...rest] = line.split(' ');
    const ids = rest.map(Number);
    const [first = 0] = ids;
    const cluster = this.#cluster;
    switch (verb) {
      case 'voters':
        this.#cluster = new TestCluster({
          voters: ids.filter((id) => id > 0),
          observers: ids.filter((id) => id < 0).map((id) => -id),
          seed: 7,
        });
        return;
      case 'start':
        for (const id of ids) cluster.start(id);
        return;
      case 'append':
        cluster.append(first, rest[1] ?? '');
        return;
      case 'run':
        cluster.run(first);
        return;
      case 'crash':
        cluster.crash(first);
        return;
      case 'resign':
        cluster.give(first, { kind: 'resign', reason: 'shutdown' });
        return;
      case 'cut':
        cluster.cuts.add(`${ids[0]}>${ids[1]}`);
        cluster.cuts.add(`${ids[1]}>${ids[0]}`);
        return;
      case 'heal':
        cluster.cuts.clear();
        return;
      default:
        throw new Error(`unknown verb in a transcript: ${line}`);
    }
  }

  takeOutput(): string {
    // Empty fetches repeat for ever; they are left out so that the story stays readable.
    const lines = this.#cluster.transcript.splice(0).filter((line) => !/send \d+ fetch |reply fetch .*nothing/.test(line));
    return lines.length === 0 ? 'ok' : lines.join('\n');
  }
}

/** A block is commands, a line of dashes, the expected output, an empty line. */
function replay(text: string): string {
  const script = new Script();
  return (
    text
      .trimEnd()
      .split('\n\n')
      .map((block) => {
        const commands = block.split('\n----')[0] ?? '';
        for (const line of commands.split('\n')) if (!line.startsWith('#')) script.perform(line);
        return `${commands}\n----\n${script.takeOutput()}`;
      })
      .join('\n\n') + '\n'
  );
}

test.each(readdirSync(directory).filter((name) => name.endsWith('.txt')))('%s reads as it did', async (name) => {
  const path = fileURLToPath(new URL(name, directory));
  await expect(replay(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
});
