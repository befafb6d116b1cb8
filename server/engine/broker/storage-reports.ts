// What logs report that an operator must hear of at once: each such fact is also a line of the broker's log.

import type { Fact } from '#engine/trace/events.ts';
import type { Trace } from '#engine/trace/trace.ts';
import type { BrokerLog } from './broker-log.ts';

/** Traces as before, and logs what the disk does to the logs. A failed directory has its own line: it ends the broker. */
export function reportingTrace(trace: Trace, log: BrokerLog): Trace {
  return (fact) => {
    trace(fact);
    report(fact, log);
  };
}

function report(fact: Fact, log: BrokerLog): void {
  switch (fact.kind) {
    case 'disk-full':
      return log.warn('disk-full', {
        directory: fact.directory,
        path: fact.path,
        effect: 'producers get KAFKA_STORAGE_ERROR until there is room; nothing that was acknowledged is lost',
      });
    case 'disk-writable':
      return log.info('disk-writable', { directory: fact.directory });
    case 'log-damaged':
      return log.error('log-damaged', { topic: fact.topic, partition: fact.partition, path: fact.path, reason: fact.reason });
    case 'log-uncleanable':
      return log.warn('log-uncleanable', {
        topic: fact.topic,
        partition: fact.partition,
        reason: fact.reason,
        effect: 'not compacted until the broker restarts',
      });
    default:
  }
}
