// What a cluster refused of one partition, as a problem that can be put into words.
import type { Problem } from '#components/ui/notice.tsx';
import type { PartitionOutcome } from '#server/cluster/partition-moves.ts';

export function refusalOf(outcome: Pick<PartitionOutcome, 'error' | 'message'> | undefined): Problem {
  const name = outcome?.error ?? '';
  const words = outcome?.message ?? '';
  return {
    message: words === '' ? name : words,
    code: name,
    advice: null,
    told: { kind: 'refused', params: { name, words }, advice: null },
  };
}
