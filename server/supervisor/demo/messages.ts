// What a demo client's process and the supervisor say to each other.

/** Supervisor to client, as its only command-line argument in JSON. */
export interface DemoClientPlan {
  readonly role: 'producer' | 'consumer';
  readonly clientId: string;
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly ratePerSecond: number;
  readonly keyCount: number;
  readonly valueBytes: number;
  readonly groupId: string;
}

/** Client to supervisor, about once a second. `records` counts since the process started. */
export type DemoClientMessage =
  | { readonly type: 'running' }
  | { readonly type: 'progress'; readonly records: number; readonly recordsPerSecond: number }
  | { readonly type: 'trouble'; readonly reason: string };

export const clientLibrary = 'kafkajs';
