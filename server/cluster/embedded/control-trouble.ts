// What the supervisor refused is the person's to mend; a supervisor that doesn't answer is nobody's.

import { ControlError } from '#server/supervisor/control-client.ts';
import { ClusterError } from '../cluster-error.ts';

export function toControlTrouble(error: unknown): ClusterError {
  const words = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ControlError) || !error.isRefusal)
    return new ClusterError('UNAVAILABLE', { kind: 'supervisor-silent', params: { words } }, { advice: 'still-running' });
  return new ClusterError('INVALID_INPUT', error.refusal ?? { kind: 'lab-refused', params: { words } });
}
