// What was told of and what of it was drawn: the account that the badge answers to.
// Invariant: records = represented + missed, to within one block a partition while the ratio holds.

export interface Ledger {
  /** Records produced, as brokers told. */
  readonly records: number;
  /** Dots drawn for them by the ratio; promoted ones are not among these. */
  readonly sampledDots: number;
  /** The sum of the ratios those dots stood for. */
  readonly represented: number;
  /** Dots drawn beside the ratio, so that a live pipe is never blank for long. */
  readonly promotedDots: number;
  /** Sampled records that found the pool full. */
  readonly missedDots: number;
  /** Facts that brokers dropped before telling. */
  readonly droppedFacts: number;
}

export const emptyLedger: Ledger = { records: 0, sampledDots: 0, represented: 0, promotedDots: 0, missedDots: 0, droppedFacts: 0 };

export class LedgerBook {
  #entries: Ledger = emptyLedger;

  get entries(): Ledger {
    return this.#entries;
  }

  add(change: Partial<Ledger>): void {
    const before = this.#entries;
    this.#entries = {
      records: before.records + (change.records ?? 0),
      sampledDots: before.sampledDots + (change.sampledDots ?? 0),
      represented: before.represented + (change.represented ?? 0),
      promotedDots: before.promotedDots + (change.promotedDots ?? 0),
      missedDots: before.missedDots + (change.missedDots ?? 0),
      droppedFacts: before.droppedFacts + (change.droppedFacts ?? 0),
    };
  }
}
