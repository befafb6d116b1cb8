// Where a member of the quorum listens: as the operator said at this start, else as the log says, else as a peer told. The
// operator comes first, because a cluster that moved to other ports knows the log's word to be old (UpdateRaftVoter mends it).

import type { VoterNode, VoterSet } from '#engine/raft/voter-set.ts';
import type { Voter } from '../config.ts';
import { defaultControllerListener } from '../listeners.ts';

/** Leaders that this node heard of from others; their number is bounded because anybody may tell anything. */
const maxLearned = 100;

export class VoterAddresses {
  readonly #configured: readonly Voter[];
  readonly #latest: () => VoterSet;
  readonly #listenerName: string;
  readonly #learned = new Map<number, Voter>();

  constructor(configured: readonly Voter[], latest: () => VoterSet, listenerName: string = defaultControllerListener) {
    this.#configured = configured;
    this.#latest = latest;
    this.#listenerName = listenerName;
  }

  find(nodeId: number): Voter | null {
    const said = this.#latest().voters.find((voter) => voter.nodeId === nodeId);
    return (
      this.#configured.find((voter) => voter.nodeId === nodeId) ??
      (said === undefined ? null : toVoter(said, this.#listenerName)) ??
      this.#learned.get(nodeId) ??
      null
    );
  }

  /** Those of the latest set, in its order. */
  voters(): readonly Voter[] {
    return this.#latest().voters.flatMap(({ nodeId }) => this.find(nodeId) ?? []);
  }

  /** A peer names a leader and its address. */
  learn(voter: Voter): void {
    if (this.#learned.size >= maxLearned && !this.#learned.has(voter.nodeId)) return;
    if (voter.host !== '' && voter.port > 0) this.#learned.set(voter.nodeId, voter);
  }
}

function toVoter({ nodeId, endpoints }: VoterNode, listenerName: string): Voter | null {
  const endpoint = endpoints.find(({ name }) => name === listenerName) ?? endpoints[0];
  return endpoint === undefined ? null : { nodeId, host: endpoint.host, port: endpoint.port };
}
