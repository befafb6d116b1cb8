import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ControlSocket, requireNoSupervisor } from './control-socket.ts';
import { brokerDirectory, brokerPidFile } from './data-directory.ts';
import { awaitOrphan, liveBroker } from './orphans.ts';
import { controlSocketPath } from './socket-path.ts';

const hasProc = existsSync('/proc/self/cmdline');
let path: string;
let broker: ChildProcess | null = null;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'logarium-orphans-'));
});
afterEach(() => {
  broker?.kill('SIGKILL');
  rmSync(path, { recursive: true, force: true });
});

/** What the operating system shows of a broker. */
function startBroker(): void {
  mkdirSync(join(path, 'broker'));
  const program = join(path, 'broker', 'main.mjs');
  writeFileSync(program, 'setInterval(() => {}, 1000);');
  broker = spawn(process.execPath, [program, '--data', brokerDirectory(path, 1)], { stdio: 'ignore' });
  writeFileSync(brokerPidFile(path, 1), `${broker.pid}\n`);
}

test.skipIf(!hasProc)(
  `a start that waits for an orphan gives way to one that was faster, and leaves its broker alone${hasProc ? '' : ' (skipped: no /proc here)'}`,
  async () => {
    startBroker();
    await expect.poll(() => liveBroker(brokerPidFile(path, 1), brokerDirectory(path, 1))).toBe(broker?.pid);
    const socket = controlSocketPath(path);
    const faster: Promise<ControlSocket>[] = [];
    const waiting = awaitOrphan(brokerPidFile(path, 1), brokerDirectory(path, 1), {
      signal: new AbortController().signal,
      onWait: () => {
        faster.push(ControlSocket.open(socket, { answer: () => Promise.resolve(null), greeting: () => [], onRecordsWanted: () => {} }));
      },
      requireAlone: () => requireNoSupervisor(socket),
    });
    await expect(waiting).rejects.toThrow(/already runs on this data directory/);
    expect(broker?.exitCode ?? broker?.signalCode).toBeNull();
    for (const control of await Promise.all(faster)) await control.close();
  },
);
