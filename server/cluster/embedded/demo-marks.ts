// Demo traffic on the timeline: who looks at a rate that jumped must find out that it was started by hand, and when.
// A mark stands only for what was really done: a start that was refused leaves none.

import type { DemoTraffic } from '../demo-traffic.ts';
import type { TimelineFact } from '../timeline/entry.ts';

export function markDemo(demo: DemoTraffic, mark: (fact: TimelineFact) => void): DemoTraffic {
  return {
    status: () => demo.status(),
    start: async (input) => {
      const status = await demo.start(input);
      const { topic, groupId, producers, consumers, ratePerSecond } = input;
      mark(toFact('demo-started', topic, { topic, groupId, producers, consumers, ratePerSecond }));
      return status;
    },
    stop: async () => {
      const before = await demo.status();
      const status = await demo.stop();
      if (before.plan !== null) mark(toFact('demo-stopped', before.plan.topic, { topic: before.plan.topic }));
      return status;
    },
  };
}

function toFact(kind: 'demo-started' | 'demo-stopped', subject: string, detail: TimelineFact['detail']): TimelineFact {
  return { atMs: Date.now(), kind, subject, cause: '', detail };
}
