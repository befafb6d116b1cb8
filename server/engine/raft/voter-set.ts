// Who may vote, as the log itself says since kraft.version 1 (KIP-853). Before that the configuration says it, and nothing
// may change it. A set counts from the moment it is appended, committed or not: that is why only one may be under way.

import { assert } from '#engine/base/assert.ts';
import { zeroTopicId } from '#engine/base/brand.ts';

/** "Not known": what a configuration says of a voter's disk, and what requests of older versions say. */
export const noDirectory: string = zeroTopicId;

export interface VoterEndpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** A voter is a node with a disk: who lost its disk has forgotten its votes, and is somebody else. */
export interface VoterNode {
  readonly nodeId: number;
  /** 22 characters of base64url, or `noDirectory`. */
  readonly directoryId: string;
  readonly endpoints: readonly VoterEndpoint[];
}

export interface VoterSet {
  /** 0: told by the configuration. 1: by the log. */
  readonly kraftVersion: number;
  readonly voters: readonly VoterNode[];
}

/** A set of voters that the configuration names; their disks aren't known. */
export function staticVoters(nodeIds: readonly number[]): VoterSet {
  return { kraftVersion: 0, voters: nodeIds.map((nodeId) => ({ nodeId, directoryId: noDirectory, endpoints: [] })) };
}

export function findVoter(set: VoterSet, nodeId: number): VoterNode | undefined {
  return set.voters.find((voter) => voter.nodeId === nodeId);
}

/** A voter whose disk isn't known yet is known by its id alone. */
export function hasVoter(set: VoterSet, nodeId: number, directoryId: string): boolean {
  const voter = findVoter(set, nodeId);
  return voter !== undefined && (voter.directoryId === noDirectory || voter.directoryId === directoryId);
}

/** The set with this voter in the place of one of the same id, or at the end. */
export function withVoter(set: VoterSet, voter: VoterNode): VoterSet {
  return { ...set, voters: inOrder([...withoutVoter(set, voter.nodeId).voters, voter]) };
}

export function withoutVoter(set: VoterSet, nodeId: number): VoterSet {
  return { ...set, voters: set.voters.filter((voter) => voter.nodeId !== nodeId) };
}

/** Ascending ids: the order in which voters stand after all lost their leader. */
function inOrder(voters: readonly VoterNode[]): readonly VoterNode[] {
  return voters.toSorted((a, b) => a.nodeId - b.nodeId);
}

export interface VoterChange {
  /** Of the record that says it. */
  readonly offset: number;
  readonly set: VoterSet;
}

/** Which set counted from which offset on. Invariant: offsets rise, and the set below the log's first change is never cut. */
export class VoterHistory {
  #base: VoterSet;
  readonly #changes: VoterChange[] = [];

  constructor(base: VoterSet, changes: readonly VoterChange[] = []) {
    assert(base.voters.length > 0, 'a quorum has at least one voter');
    this.#base = base;
    for (const { offset, set } of changes) this.note(offset, set);
  }

  /** What counts now. */
  get latest(): VoterSet {
    return this.#changes.at(-1)?.set ?? this.#base;
  }

  /** Of the record that says what counts now; -1 when that lies below the log, or in the configuration. */
  get latestOffset(): number {
    return this.#changes.at(-1)?.offset ?? -1;
  }

  /** What the records below `offset` say. */
  before(offset: number): VoterSet {
    return this.#changes.findLast((change) => change.offset < offset)?.set ?? this.#base;
  }

  note(offset: number, set: VoterSet): void {
    assert(set.voters.length > 0, 'a quorum has at least one voter');
    assert(offset > this.latestOffset, `voters at ${offset} follow voters at ${this.latestOffset}`);
    this.#changes.push({ offset, set });
  }

  truncateTo(endOffset: number): void {
    while (this.latestOffset >= endOffset) this.#changes.pop();
  }

  /** A snapshot that ends at `offset` says this; what the log says behind it still counts. */
  rebase(offset: number, set: VoterSet): void {
    this.#base = set;
    while ((this.#changes[0]?.offset ?? offset) < offset) this.#changes.shift();
  }
}
