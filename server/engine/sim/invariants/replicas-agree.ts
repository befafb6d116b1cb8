// When everything has healed and nothing is written any more, all replicas of a partition hold the same bytes.

import type { History, Violation } from '../history.ts';

export function replicasAgree(history: History): Violation[] {
  const first = new Map<string, { readonly brokerId: number; readonly digest: string; readonly sizeBytes: number }>();
  return history.replicaLogs.flatMap((log) => {
    const known = first.get(log.partition);
    if (known === undefined) {
      first.set(log.partition, log);
      return [];
    }
    if (known.digest === log.digest) return [];
    return [`${log.partition}: ${log.sizeBytes} bytes on ${log.brokerId} differ from ${known.sizeBytes} on ${known.brokerId}`];
  });
}
