// Topics that come into being because somebody asked for them. The asker isn't kept waiting; while one creation is under way,
// asking again starts no second one.

import { refuseTopicName } from '#engine/controller/topics/topic-name.ts';
import { errorCodes, errorName } from '#engine/protocol/error-codes.ts';
import type { Timers } from '#engine/world/ports.ts';
import type { BrokerLog } from './broker-log.ts';
import type { ControllerPort } from './coordination-ports.ts';

/** Creations under way at a time. Beyond it clients are told to come back, as they are anyway. */
const maxUnderWay = 1_000;
/** A client asks for a topic that isn't there many times a second; one that was refused is asked for again after this. */
const refusedPauseMs = 1_000;

export class AutoCreation {
  readonly #controller: Pick<ControllerPort, 'createTopics'>;
  readonly #log: Pick<BrokerLog, 'warn'>;
  readonly #timers: Timers;
  /** With those that were refused a moment ago. */
  readonly #underWay = new Set<string>();

  constructor(controller: Pick<ControllerPort, 'createTopics'>, log: Pick<BrokerLog, 'warn'>, timers: Timers) {
    this.#controller = controller;
    this.#log = log;
    this.#timers = timers;
  }

  /** False when no topic may have that name. */
  request(topic: string): boolean {
    if (refuseTopicName(topic) !== null) return false;
    // The coordinators make their own topics, with settings of their own.
    const isReserved = topic.startsWith('__');
    if (!isReserved && !this.#underWay.has(topic) && this.#underWay.size < maxUnderWay) void this.#create(topic);
    return true;
  }

  async #create(name: string): Promise<void> {
    this.#underWay.add(name);
    const [created] = await this.#controller.createTopics([{ name, partitionCount: -1, replicationFactor: -1, configs: new Map() }]);
    const errorCode = created?.errorCode ?? errorCodes.UNKNOWN_SERVER_ERROR;
    const isThere = errorCode === errorCodes.NONE || errorCode === errorCodes.TOPIC_ALREADY_EXISTS;
    if (isThere) {
      this.#underWay.delete(name);
      return;
    }
    this.#timers.setTimer(refusedPauseMs, () => {
      this.#underWay.delete(name);
    });
    this.#log.warn('auto-creation-failed', { topic: name, error: errorName(errorCode), reason: created?.errorMessage ?? null });
  }
}
