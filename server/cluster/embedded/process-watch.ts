// A broker's process that ended, as a line of the timeline: the cluster itself only misses a broker, the supervisor
// knows that its process is gone, when, and how. Pure: two looks at the processes in, facts out.

import type { ProcessState, SupervisorStatus } from '#server/supervisor/ipc.ts';
import type { TimelineFact } from '../timeline/entry.ts';

const running: ReadonlySet<ProcessState> = new Set(['starting', 'ready', 'draining']);

export function endedProcesses(before: SupervisorStatus | null, now: SupervisorStatus, atMs: number): readonly TimelineFact[] {
  if (before === null) return [];
  const was = new Map(before.brokers.map((broker) => [broker.brokerId, broker]));
  return now.brokers.flatMap((broker) => {
    const known = was.get(broker.brokerId);
    if (known === undefined || known.pid === null || !running.has(known.state)) return [];
    // A quick restart may hide the pause between: another pid says as much.
    const isSame = running.has(broker.state) && (broker.pid === null || broker.pid === known.pid);
    if (isSame) return [];
    const cause = broker.lastExit ?? '';
    const detail = { brokerId: broker.brokerId, pid: known.pid, cause };
    return [{ atMs, kind: 'broker-gone', subject: `broker ${broker.brokerId}`, cause, detail }];
  });
}
