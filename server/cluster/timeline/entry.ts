// One line of a cluster's timeline before it is stored: what happened, to what, why and when.

export interface TimelineFact {
  readonly atMs: number;
  /** The kind of a trace fact where there is one, else ours: 'broker-lost', 'broker-back', 'topic-changed'. */
  readonly kind: string;
  /** The thing it happened to: a topic, "orders-3", "broker 2", a group. */
  readonly subject: string;
  readonly cause: string;
  readonly detail: Readonly<Record<string, unknown>>;
}
