// The lab over the supervisor's control socket, and its doings as lines of the timeline.

import type { ControlCall, ControlClient } from '#server/supervisor/control-client.ts';
import type { LabEvent } from '#server/supervisor/lab-messages.ts';
import type { LabPort, LabStatus } from '../lab.ts';
import type { ConsoleWhy, TimelineFact } from '../timeline/entry.ts';
import { toControlTrouble } from './control-trouble.ts';

export function labOver(control: ControlClient): LabPort {
  const ask = async (call: ControlCall): Promise<LabStatus> => {
    try {
      return (await control.call(call)) as LabStatus;
    } catch (error) {
      throw toControlTrouble(error);
    }
  };
  return {
    status: () => ask({ method: 'lab.status' }),
    inject: (fault, durationMs, by) => ask({ method: 'lab.inject', params: { fault, durationMs, by } }),
    undo: (faultId, by) => ask({ method: 'lab.undo', params: { faultId, by } }),
    healAll: (by) => ask({ method: 'lab.healAll', params: { by } }),
    restart: (brokerId, by) => ask({ method: 'lab.restart', params: { brokerId, by } }),
    addBroker: (by) => ask({ method: 'lab.addBroker', params: { by } }),
  };
}

export function toTimelineFact({ atMs, kind, fault, brokerId, by, cause }: LabEvent): TimelineFact {
  const isLink = fault !== null && 'fromId' in fault;
  const subject = isLink ? `broker ${fault.fromId} - broker ${fault.toId}` : `broker ${brokerId}`;
  const words = [fault?.kind ?? '', cause, by === '' ? '' : `by ${by}`].filter((word) => word !== '');
  return {
    atMs,
    kind,
    subject,
    cause: words.join(', '),
    detail: { ...fault, brokerId, by, cause, why: whyOf({ kind, fault, by, cause }) },
  };
}

/** Messages choose words by name, and names there have no hyphens. */
function whyOf({ kind, fault, by, cause }: Pick<LabEvent, 'kind' | 'fault' | 'by' | 'cause'>): ConsoleWhy {
  const name = (fault?.kind ?? '').replaceAll('-', '_');
  if (kind === 'fault-injected') return { kind: 'lab-began', params: { fault: name, by } };
  return kind === 'fault-ended' ? { kind: 'lab-ended', params: { fault: name, end: cause, by } } : { kind: 'lab-deed', params: { by } };
}
