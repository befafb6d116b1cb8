// Who votes in the metadata quorum, as something that may be changed (KIP-853): an observer is let vote, a voter's vote is
// taken away. A voter is a node and its disk: who comes back with an empty one has to be let in again.

/** An observer that could vote, because it has a controller's listener. */
export interface VoterCandidate {
  readonly nodeId: number;
  readonly directoryId: string;
  /** Where its controller listens. */
  readonly address: string;
}

/** Every call rejects with ClusterError when the cluster refuses. */
export interface QuorumVoters {
  /** The observers that could vote. */
  candidates(): Promise<readonly VoterCandidate[]>;
  /** Resolves once the change is committed and told by the quorum. `by` is who asked for it, for the timeline. */
  add(nodeId: number, by: string): Promise<void>;
  remove(nodeId: number, by: string): Promise<void>;
}
