// Who leads a partition: somebody in sync; when nobody is, an eligible replica; when there is none of those, whoever led last;
// and only where losing records is allowed, anybody. Each step further down may be taken only when those above are empty.

import type { PartitionImage } from '../image/cluster-image.ts';
import type { ElectionRules } from './partition-rules.ts';

export type ElectionKind = 'keep-if-valid' | 'preferred' | 'unclean';

export interface Election {
  readonly partition: Pick<PartitionImage, 'leaderId'>;
  /** May this broker lead? */
  readonly isAcceptable: (brokerId: number) => boolean;
  readonly election: ElectionKind;
  readonly rules: Pick<ElectionRules, 'isUncleanAllowed'>;
}

export interface Electorate {
  readonly plan: { readonly replicas: readonly number[] };
  readonly isr: readonly number[];
  readonly eligible: readonly number[];
  readonly lastKnown: readonly number[];
}

export interface Elected {
  /** -1: nobody. */
  readonly leaderId: number;
  /** The last two are unclean: what the leader lacks is lost. */
  readonly how: 'in-sync' | 'eligible' | 'nobody' | 'last-known' | 'anybody';
}

const nobody: Elected = { leaderId: -1, how: 'nobody' };

export function electLeader(question: Election, electorate: Electorate): Elected {
  return cleanly(question, electorate) ?? lastKnown(question, electorate) ?? anybody(question, electorate) ?? nobody;
}

function cleanly({ partition, isAcceptable, election }: Election, { plan, isr, eligible }: Electorate): Elected | null {
  const how = isr.length > 0 ? 'in-sync' : 'eligible';
  const candidates = isr.length > 0 ? isr : eligible;
  const isValid = (brokerId: number): boolean => candidates.includes(brokerId) && isAcceptable(brokerId);
  const [preferred] = plan.replicas;
  if (election === 'preferred' && preferred !== undefined && isValid(preferred)) return { leaderId: preferred, how };
  const leaderId = isValid(partition.leaderId) ? partition.leaderId : plan.replicas.find(isValid);
  return leaderId === undefined ? null : { leaderId, how };
}

/** Every candidate's disk may have lost something: whoever led last has lost least (KIP-966's balanced recovery). */
function lastKnown({ isAcceptable }: Election, electorate: Electorate): Elected | null {
  const [last, ...others] = electorate.lastKnown;
  const isAlone = electorate.isr.length === 0 && electorate.eligible.length === 0 && others.length === 0;
  if (!isAlone || last === undefined || !electorate.plan.replicas.includes(last) || !isAcceptable(last)) return null;
  return { leaderId: last, how: 'last-known' };
}

function anybody({ election, rules, isAcceptable }: Election, { plan }: Electorate): Elected | null {
  if (!rules.isUncleanAllowed && election !== 'unclean') return null;
  const leaderId = plan.replicas.find(isAcceptable);
  return leaderId === undefined ? null : { leaderId, how: 'anybody' };
}
