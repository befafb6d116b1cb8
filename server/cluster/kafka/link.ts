// The adapter's one way to the cluster: a client for what people look at, one for bulk work, so that a replay never
// holds up a page. Turns every failure into a ClusterError and remembers whether the cluster answers.

import { backOffDelayMs, defaultBackOff } from '#engine/client/back-off.ts';
import type { ClusterMetadata } from '#engine/client/cluster-metadata.ts';
import { ClientError, ClusterUnreachableError, ServerError, type FailedTry } from '#engine/client/errors.ts';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { sharedVersion } from '#engine/client/negotiation.ts';
import type { Address } from '#engine/client/pool.ts';
import { errorCodes, isRetriable } from '#engine/protocol/error-codes.ts';
import type { Api } from '#engine/protocol/schema.ts';
import type { World } from '#engine/world/ports.ts';
import type { Reachability } from '../port.ts';
import { toClusterError } from './to-cluster-error.ts';

/** Metadata for a page: younger than a person can tell, old enough that many browsers cost one request. */
export const pageMetadataAgeMs = 1_000;

const maxTries = 5;

export class ClusterLink {
  readonly world: World;
  readonly client: KafkaClient;
  readonly #bootstrap: readonly Address[];
  readonly #onReachability: (reachability: Reachability) => void;
  #bulk: KafkaClient | null = null;
  #reachability: Reachability;

  constructor(world: World, bootstrap: readonly Address[], onReachability: (reachability: Reachability) => void) {
    this.world = world;
    this.#bootstrap = bootstrap;
    this.#onReachability = onReachability;
    this.client = new KafkaClient(world, { bootstrap, clientId: 'logarium-console' });
    this.#reachability = { isReachable: true, sinceMs: world.clock.nowMs(), tries: [] };
  }

  /** For jobs: connections of their own. */
  get bulk(): KafkaClient {
    this.#bulk ??= new KafkaClient(this.world, { bootstrap: this.#bootstrap, clientId: 'logarium-console-jobs' });
    return this.#bulk;
  }

  get reachability(): Reachability {
    return this.#reachability;
  }

  /** Runs an operation once. For what changes the cluster: a lost answer doesn't say whether it happened. */
  async once<Result>(operation: (client: KafkaClient) => Promise<Result>): Promise<Result> {
    try {
      const result = await operation(this.client);
      this.#note(null);
      return result;
    } catch (error) {
      this.#note(error);
      throw toClusterError(error);
    }
  }

  /** Runs a change, again only when it surely did not happen: nobody was reached, or the controller had moved. */
  async change<Result>(operation: (client: KafkaClient) => Promise<Result>): Promise<Result> {
    return this.once((client) => this.#again(client, operation, surelyNotDone));
  }

  /** Runs an operation that is safe to repeat: again, with newer metadata, while the failure may pass. */
  async read<Result>(operation: (client: KafkaClient) => Promise<Result>): Promise<Result> {
    return this.once((client) => this.#again(client, operation, mayPass));
  }

  /** Waits as long as the back-off says before try `attempt + 2`. */
  pause(attempt: number): Promise<void> {
    const delayMs = backOffDelayMs(defaultBackOff, attempt, this.world.random);
    return new Promise((resolve) => this.world.timers.setTimer(delayMs, resolve));
  }

  metadata(maxAgeMs = pageMetadataAgeMs): Promise<ClusterMetadata> {
    return this.once((client) => client.metadata(maxAgeMs));
  }

  /** Something was changed: metadata that was asked for before now is no answer any more. */
  dropMetadata(): void {
    this.client.dropMetadata();
  }

  /** Whether a broker of the cluster serves this request in a version that we speak. */
  async serves(api: Api): Promise<boolean> {
    const connection = await this.once((client) => client.anyConnection());
    return sharedVersion(api, connection.abilities) !== null;
  }

  close(): void {
    this.client.close();
    this.#bulk?.close();
  }

  async #again<Result>(
    client: KafkaClient,
    operation: (client: KafkaClient) => Promise<Result>,
    isWorthIt: (error: unknown) => boolean,
  ): Promise<Result> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await operation(client);
      } catch (error) {
        if (attempt + 1 >= maxTries || !isWorthIt(error)) throw error;
        await this.pause(attempt);
        await client.metadata(0);
      }
    }
  }

  #note(failure: unknown): void {
    const isLost = failure instanceof ClusterUnreachableError;
    if (!isLost && failure !== null) return;
    if (isLost !== this.#reachability.isReachable) return;
    this.#reachability = { isReachable: !isLost, sinceMs: this.world.clock.nowMs(), tries: isLost ? triesOf(failure) : [] };
    this.#onReachability(this.#reachability);
  }
}

function triesOf(failure: ClusterUnreachableError): readonly FailedTry[] {
  return failure.tries;
}

const passingClientErrors: readonly string[] = ['disconnected', 'connect-failed', 'no-route'];

/** Failures that another try, after looking at the metadata again, may not meet. */
export function mayPass(error: unknown): boolean {
  if (error instanceof ServerError) return isRetriable(error.errorCode);
  return error instanceof ClientError && passingClientErrors.includes(error.code);
}

/** The request was not sent, or refused by a broker that may not carry it out. */
function surelyNotDone(error: unknown): boolean {
  if (error instanceof ServerError) return error.errorCode === errorCodes.NOT_CONTROLLER || error.errorCode === errorCodes.NOT_COORDINATOR;
  return error instanceof ClientError && (error.code === 'connect-failed' || error.code === 'no-route');
}
