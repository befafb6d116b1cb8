// When each broker was last heard of, and how far it has read: the controller's only memory outside the log. It is rebuilt
// with a grace period at every election, because a new leader can't know what the old one heard.

interface Contact {
  brokerEpoch: number;
  lastContactMs: number;
  isHeard: boolean;
  metadataOffset: number;
  shutdownOffset: number | null;
}

export class BrokerHeartbeats {
  readonly #contacts = new Map<number, Contact>();

  touch(brokerId: number, brokerEpoch: number, nowMs: number): void {
    const contact = this.#contacts.get(brokerId);
    if (contact !== undefined && contact.brokerEpoch === brokerEpoch) Object.assign(contact, { lastContactMs: nowMs, isHeard: true });
    else this.#contacts.set(brokerId, { brokerEpoch, lastContactMs: nowMs, isHeard: true, metadataOffset: -1, shutdownOffset: null });
  }

  /** A session that the broker hasn't asked for: nothing was heard of it yet. */
  grant(brokerId: number, brokerEpoch: number, nowMs: number): void {
    this.#contacts.set(brokerId, { brokerEpoch, lastContactMs: nowMs, isHeard: false, metadataOffset: -1, shutdownOffset: null });
  }

  /** Something else than a heartbeat tells that this broker has been silent since then: what it was granted counts from there. */
  noteSilence(brokerId: number, sinceMs: number): void {
    const contact = this.#contacts.get(brokerId);
    if (contact !== undefined && !contact.isHeard) contact.lastContactMs = Math.min(contact.lastContactMs, sinceMs);
  }

  /** When the broker itself was last heard, null for never in this reign. */
  heardMs(brokerId: number): number | null {
    const contact = this.#contacts.get(brokerId);
    return contact?.isHeard === true ? contact.lastContactMs : null;
  }

  noteOffset(brokerId: number, metadataOffset: number): void {
    const contact = this.#contacts.get(brokerId);
    if (contact !== undefined) contact.metadataOffset = Math.max(contact.metadataOffset, metadataOffset);
  }

  /** The broker may go once every other has read up to `offset`, so that nobody asks it for what it led. */
  startShutdown(brokerId: number, offset: number): void {
    const contact = this.#contacts.get(brokerId);
    if (contact !== undefined) contact.shutdownOffset = offset;
  }

  shutdownOffset(brokerId: number): number | null {
    return this.#contacts.get(brokerId)?.shutdownOffset ?? null;
  }

  /** The least that any of these brokers has read. */
  lowestOffset(brokerIds: Iterable<number>): number {
    let lowest = Infinity;
    for (const brokerId of brokerIds) lowest = Math.min(lowest, this.#contacts.get(brokerId)?.metadataOffset ?? -1);
    return lowest;
  }

  lastContactMs(brokerId: number): number | null {
    return this.#contacts.get(brokerId)?.lastContactMs ?? null;
  }

  forget(brokerId: number): void {
    this.#contacts.delete(brokerId);
  }
}
