// Changes of the metadata quorum's voters over the protocol: AddRaftVoter and RemoveRaftVoter, which any broker passes on.
// Where an observer's controller listens only the controllers tell (DescribeCluster at their own door): they are asked there.

import { formatHostPort } from '#engine/base/host-port.ts';
import type { TopicId } from '#engine/base/brand.ts';
import { throwUnlessNone } from '#engine/client/errors.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { addRaftVoterApi } from '#engine/protocol/apis/80-add-raft-voter.ts';
import { removeRaftVoterApi } from '#engine/protocol/apis/81-remove-raft-voter.ts';
import { describeClusterApi } from '#engine/protocol/apis/60-describe-cluster.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import { ClusterError, isClusterError } from '../cluster-error.ts';
import type { QuorumVoters, VoterCandidate } from '../quorum-voters.ts';
import type { TimelineFact } from '../timeline/entry.ts';
import { voterChanged } from '../timeline/voter-facts.ts';
import type { ClusterLink } from './link.ts';
import { askForQuorum, whereVotersAre, type QuorumAnswer } from './quorum.ts';
import { toClusterError } from './to-cluster-error.ts';
import { toVoterRefusal } from './voter-refusal.ts';

/** How long the quorum may take for one change before it answers that it is not done. */
const changeMs = 10_000;
/** A change of voters is asked for again while another one is under way, or while the newcomer still reads. */
const maxTries = 6;
const settleTries = 20;
const controllers = 2;

interface Endpoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

interface Change {
  readonly nodeId: number;
  readonly shallVote: boolean;
  readonly send: (client: KafkaClient) => Promise<{ readonly errorCode: number; readonly errorMessage: string | null }>;
}

interface Known extends VoterCandidate {
  readonly directoryId: TopicId;
  readonly endpoint: Endpoint;
}

export class KafkaVoters implements QuorumVoters {
  readonly #link: ClusterLink;
  readonly #mark: (fact: TimelineFact) => void;

  /** `mark` puts what was really done on the timeline. */
  constructor(link: ClusterLink, mark: (fact: TimelineFact) => void) {
    this.#link = link;
    this.#mark = mark;
  }

  async candidates(): Promise<readonly VoterCandidate[]> {
    const known = await this.#known(await this.#answer());
    return known.map(({ nodeId, directoryId, address }) => ({ nodeId, directoryId, address }));
  }

  async add(nodeId: number, by: string): Promise<void> {
    const answer = await this.#changeable();
    if (answer.currentVoters.some((voter) => voter.replicaId === nodeId))
      throw new ClusterError('DUPLICATE_VOTER', { kind: 'voter-already', params: { node: nodeId } });
    if (!answer.observers.some((observer) => observer.replicaId === nodeId))
      throw new ClusterError('VOTER_NOT_FOUND', { kind: 'no-observer', params: { node: nodeId } }, { advice: 'start-node' });
    const newcomer = (await this.#known(answer)).find((known) => known.nodeId === nodeId);
    if (newcomer === undefined)
      throw new ClusterError('INVALID_REQUEST', { kind: 'no-controller', params: { node: nodeId } }, { advice: 'controller-role' });
    const { directoryId: voterDirectoryId, endpoint } = newcomer;
    const request = { clusterId: null, timeoutMs: changeMs, voterId: nodeId, voterDirectoryId, listeners: [endpoint] };
    await this.#change({ nodeId, shallVote: true, send: (client) => client.toController(addRaftVoterApi, request) }, by);
  }

  async remove(nodeId: number, by: string): Promise<void> {
    const { currentVoters } = await this.#changeable();
    const voter = currentVoters.find(({ replicaId }) => replicaId === nodeId);
    if (voter === undefined) throw new ClusterError('VOTER_NOT_FOUND', { kind: 'no-voter', params: { node: nodeId } });
    if (currentVoters.length === 1) throw new ClusterError('INVALID_REQUEST', { kind: 'last-voter', params: { node: nodeId } });
    const request = { clusterId: null, voterId: nodeId, voterDirectoryId: voter.replicaDirectoryId };
    await this.#change({ nodeId, shallVote: false, send: (client) => client.toController(removeRaftVoterApi, request) }, by);
  }

  async #changeable(): Promise<QuorumAnswer> {
    const answer = await this.#answer();
    if ((await this.#link.read(whereVotersAre)) === 'log') return answer;
    throw new ClusterError('UNSUPPORTED_VERSION', { kind: 'voters-configured', params: {} }, { advice: 'raise-kraft-version' });
  }

  async #answer(): Promise<QuorumAnswer> {
    const answer = await this.#link.read(askForQuorum);
    if (answer === null) throw new ClusterError('UNAVAILABLE', { kind: 'no-quorum', params: {} });
    return answer;
  }

  /** Observers with a controller's listener. Where an old disk is still remembered beside a new one, the one that fetches counts. */
  async #known(answer: QuorumAnswer): Promise<readonly Known[]> {
    if (answer.observers.length === 0) return [];
    const endpoints = await this.#controllers(answer);
    const latest = new Map(
      answer.observers
        .toSorted((a, b) => a.lastFetchTimestamp - b.lastFetchTimestamp)
        .map((observer) => [observer.replicaId, observer.replicaDirectoryId]),
    );
    return [...latest].flatMap(([nodeId, directoryId]) => {
      const endpoint = endpoints.get(nodeId);
      return endpoint === undefined ? [] : [{ nodeId, directoryId, endpoint, address: formatHostPort(endpoint) }];
    });
  }

  /** Not through the link: a controller that can't be reached from here doesn't mean that the cluster is lost. */
  async #controllers({ nodes, leaderId }: QuorumAnswer): Promise<ReadonlyMap<number, Endpoint>> {
    const doors = nodes
      .toSorted((a, b) => Number(b.nodeId === leaderId) - Number(a.nodeId === leaderId))
      .flatMap(({ listeners }) => listeners.slice(0, 1));
    const [first] = doors;
    if (first === undefined) return new Map();
    const client = new KafkaClient(this.#link.world, { bootstrap: doors, clientId: 'logarium-console-voters' });
    try {
      const told = await client.toAny(describeClusterApi, { includeClusterAuthorizedOperations: false, endpointType: controllers });
      throwUnlessNone(told.errorCode, 'asking for the controllers', told.errorMessage);
      return new Map(told.brokers.map(({ brokerId, host, port }) => [brokerId, { name: first.name, host, port }]));
    } catch (error) {
      throw toUnreachable(error);
    } finally {
      client.close();
    }
  }

  async #change(change: Change, by: string): Promise<void> {
    await this.#carryOut(change);
    const voters = await this.#settledVoters(change);
    this.#mark(voterChanged(change, { atMs: this.#link.world.clock.nowMs(), by, voters }));
  }

  async #carryOut(change: Change): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const { errorCode, errorMessage } = await this.#link.change(async (client) => {
        const told = await change.send(client);
        if (told.errorCode === errorCodes.NOT_CONTROLLER) throwUnlessNone(told.errorCode, 'changing the voters', told.errorMessage);
        return told;
      });
      if (errorCode === errorCodes.NONE) return;
      const isLate = errorCode === errorCodes.REQUEST_TIMED_OUT;
      // What was not done in time may be done by now, and is then refused as done already.
      if ((isLate || attempt > 0) && (await this.#isSo(change))) return;
      if (!isLate || attempt + 1 === maxTries) throw toVoterRefusal(errorName(errorCode), errorMessage, change.nodeId);
      await this.#link.pause(attempt);
    }
  }

  async #isSo({ nodeId, shallVote }: Change): Promise<boolean> {
    const { currentVoters } = await this.#answer();
    return currentVoters.some(({ replicaId }) => replicaId === nodeId) === shallVote;
  }

  /** A leader that was voted out hands over first: until another one leads, the quorum tells little. Then the last word counts. */
  async #settledVoters(change: Change): Promise<readonly number[]> {
    let voters: readonly number[] = [];
    for (let attempt = 0; attempt < settleTries; attempt++) {
      const answer = await this.#answer().catch(ignoreClusterError);
      voters = answer?.currentVoters.map(({ replicaId }) => replicaId).toSorted((a, b) => a - b) ?? voters;
      if (answer !== null && answer.leaderId >= 0 && voters.includes(change.nodeId) === change.shallVote) break;
      await this.#link.pause(Math.min(attempt, 3));
    }
    return voters;
  }
}

function toUnreachable(error: unknown): unknown {
  const told = toClusterError(error);
  if (!isClusterError(told) || told.code !== 'CLUSTER_LOST') return told;
  const { tries, message: words } = told;
  return new ClusterError('UNAVAILABLE', { kind: 'controllers-unreachable', params: { words } }, { advice: 'reach-controllers', tries });
}

function ignoreClusterError(error: unknown): null {
  if (isClusterError(error)) return null;
  throw error;
}
