// The quorum-state file in __cluster_metadata-0: epoch, leader and vote as JSON in Kafka's own form. data_version 0 names the
// voters of the configuration; 1 (kraft.version 1) names the disk that got the vote, and the log names the voters.
// Written with fsync before the vote is told to anybody; without it a node could vote twice in one epoch.

import type { PersistedVote } from '#engine/raft/types.ts';
import { noDirectory, type VoterSet } from '#engine/raft/voter-set.ts';
import type { FileSystem } from '#engine/world/ports.ts';

const fileName = 'quorum-state';

export class QuorumStateError extends Error {
  override readonly name = 'QuorumStateError';
}

/** The directory belongs to a quorum of other voters than the ones configured. */
export class VotersChangedError extends Error {
  override readonly name = 'VotersChangedError';
  constructor(path: string, known: readonly number[], given: readonly number[]) {
    super(`${path} was written by a quorum of the voters ${known.join(', ')}, not of ${given.join(', ')}.`);
  }
}

export interface QuorumStatePlace {
  readonly files: FileSystem;
  readonly directory: string;
  /** What counts now: a log that names the voters itself has the last word. */
  readonly voters: VoterSet;
}

const noVote: PersistedVote = { epoch: 0, leaderId: null, votedId: null };

/** What this node remembers; epoch 0 without vote when it never took part. Throws QuorumStateError for a file that can't be read,
 * VotersChangedError for one of another quorum. */
export function readQuorumState({ files, directory, voters }: QuorumStatePlace): PersistedVote {
  const path = `${directory}/${fileName}`;
  if (!files.exists(path)) return noVote;
  const fields = parseFields(path, new TextDecoder().decode(files.readAll(path)));
  const epoch = numberOf(path, fields, 'leaderEpoch');
  if (epoch < 0) throw new QuorumStateError(`${path}: leaderEpoch ${epoch} is below zero`);
  if (voters.kraftVersion === 0) requireSameVoters(path, fields['currentVoters'], voters);
  const directoryId = fields['votedDirectoryId'];
  return {
    epoch,
    leaderId: idOf(numberOf(path, fields, 'leaderId')),
    votedId: idOf(numberOf(path, fields, 'votedId')),
    ...(typeof directoryId === 'string' && directoryId !== noDirectory ? { votedDirectoryId: directoryId } : {}),
  };
}

export function writeQuorumState({ files, directory, voters }: QuorumStatePlace, vote: PersistedVote): void {
  const told = { leaderId: vote.leaderId ?? -1, leaderEpoch: vote.epoch, votedId: vote.votedId ?? -1 };
  const text = JSON.stringify(voters.kraftVersion === 0 ? ofConfiguredVoters(told, voters) : ofLoggedVoters(told, vote));
  files.replaceAtomically(`${directory}/${fileName}`, new TextEncoder().encode(text));
}

function ofConfiguredVoters(told: object, { voters }: VoterSet): object {
  return { clusterId: '', ...told, appliedOffset: 0, currentVoters: voters.map(({ nodeId }) => ({ voterId: nodeId })), data_version: 0 };
}

function ofLoggedVoters(told: object, vote: PersistedVote): object {
  return { ...told, votedDirectoryId: vote.votedDirectoryId ?? noDirectory, data_version: 1 };
}

function parseFields(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new QuorumStateError(`${path} holds no JSON: ${String(error)}`);
  }
  throw new QuorumStateError(`${path} holds no JSON object`);
}

/** Voters that come from the configuration may not change with it: a newcomer could outvote what the others committed (KIP-595). */
function requireSameVoters(path: string, found: unknown, configured: VoterSet): void {
  if (!Array.isArray(found)) return;
  const known = found.map((voter: { readonly voterId?: unknown }) => Number(voter.voterId)).sort((a, b) => a - b);
  const given = configured.voters.map(({ nodeId }) => nodeId).sort((a, b) => a - b);
  if (known.length > 0 && known.join() !== given.join()) throw new VotersChangedError(path, known, given);
}

function numberOf(path: string, fields: Readonly<Record<string, unknown>>, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new QuorumStateError(`${path}: ${name} is not an integer`);
  return value;
}

function idOf(value: number): number | null {
  return value < 0 ? null : value;
}
