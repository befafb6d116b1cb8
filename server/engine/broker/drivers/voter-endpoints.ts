// A voter whose address differs from what the log says of it tells the leader (UpdateRaftVoter, KIP-853): after the cluster
// moved to other ports the log would send newcomers to the old ones.

import { updateRaftVoterApi } from '#engine/protocol/apis/82-update-raft-voter.ts';
import { toTopicId } from '#engine/base/brand.ts';
import type { RequestOf, ResponseInput } from '#engine/protocol/schema.ts';
import { findVoter, type VoterEndpoint, type VoterSet } from '#engine/raft/voter-set.ts';
import { Alarm } from './alarm.ts';
import type { World } from '#engine/world/ports.ts';
import { supportedKraftVersions } from './voter-records.ts';

const retryMs = 1_000;

export interface VoterEndpointsOptions {
  readonly world: World;
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: string;
  /** Where this node listens for the quorum. */
  readonly endpoint: VoterEndpoint;
  readonly voters: () => VoterSet;
  readonly epoch: () => number;
  readonly ask: (request: RequestOf<typeof updateRaftVoterApi>) => Promise<ResponseInput<typeof updateRaftVoterApi>>;
}

export class VoterEndpoints {
  readonly #options: VoterEndpointsOptions;
  readonly #alarm: Alarm;
  #isAsking = false;
  #isClosed = false;

  constructor(options: VoterEndpointsOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.world, () => {
      void this.check();
    });
  }

  /** Call when a leader is known; tries again until the log says what is true. */
  async check(): Promise<void> {
    if (this.#isAsking || this.#isClosed || !this.#isStale()) return;
    const { clusterId, nodeId, directoryId, endpoint, epoch, ask, world } = this.#options;
    this.#isAsking = true;
    await ask({
      clusterId,
      currentLeaderEpoch: epoch(),
      voterId: nodeId,
      voterDirectoryId: toTopicId(directoryId),
      listeners: [endpoint],
      kRaftVersionFeature: supportedKraftVersions,
    });
    this.#isAsking = false;
    if (!this.#isClosed) this.#alarm.setTo(world.clock.monotonicUs() / 1_000 + retryMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#alarm.clear();
  }

  #isStale(): boolean {
    const { voters, nodeId, directoryId, endpoint } = this.#options;
    const said = findVoter(voters(), nodeId);
    if (said === undefined || said.directoryId !== directoryId) return false;
    return !said.endpoints.some(({ name, host, port }) => name === endpoint.name && host === endpoint.host && port === endpoint.port);
  }
}
