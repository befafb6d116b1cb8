// One line of a cluster's timeline before it is stored: what happened, to what, why and when.

export interface TimelineFact {
  readonly atMs: number;
  /** The kind of a trace fact where there is one, else ours: 'broker-lost', 'broker-back', 'topic-changed'. */
  readonly kind: string;
  /** The thing it happened to: a topic, "orders-3", "broker 2", a group. */
  readonly subject: string;
  /** Plain words, for who reads the store; '' when nothing says why. */
  readonly cause: string;
  /** `why` in it is the cause as data, where it is known as such: screens word that, and fall back to `cause`. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A cause that the console itself found; what brokers told comes as the engine's `Why`, in the same form. */
export type ConsoleWhy =
  | Told<'epoch', { readonly epoch: number }>
  | Told<'partition-count', { readonly count: number }>
  | Told<'bytes-removed', { readonly bytes: number }>
  | Told<'dropped', { readonly what: string; readonly client: string }>
  | Told<'stop-asked' | 'stop-orphaned' | 'not-in-metadata' | 'too-much-at-once', Readonly<Record<string, never>>>
  | Told<'broker-gone', { readonly broker: number }>
  | Told<'no-room' | 'room-again', { readonly directory: string }>
  | Told<'directory-failed', { readonly directory: string; readonly reason: string }>
  | Told<'bytes-damaged' | 'compaction-failed', { readonly broker: number; readonly reason: string }>
  | Told<'lab-began', { readonly fault: string; readonly by: string }>
  | Told<'lab-ended', { readonly fault: string; readonly end: string; readonly by: string }>
  | Told<'lab-deed', { readonly by: string }>
  /** `voters`: who votes from then on. */
  | Told<'voter-deed', { readonly by: string; readonly voters: string }>;

interface Told<Kind, Params> {
  readonly kind: Kind;
  readonly params: Params;
}
