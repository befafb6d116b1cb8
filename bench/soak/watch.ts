// What an operator would have seen: what the console said of the cluster's health, and what its timeline tells afterwards.

import { SuperJSON } from 'superjson';
import { KafkaClient } from '#engine/client/kafka-client.ts';
import { nodeWorld } from '#engine/world/node/node-world.ts';

const cluster = { clusterId: 'embedded' };
/** Of one page of the timeline. */
const eventsPage = 200;

async function ask<Answer>(console: string, procedure: string, input: object): Promise<Answer> {
  const text = encodeURIComponent(JSON.stringify(SuperJSON.serialize(input)));
  const response = await fetch(`${console}/api/trpc/${procedure}?input=${text}`);
  if (!response.ok) throw new Error(`${procedure}: ${response.status} ${await response.text()}`);
  const body = (await response.json()) as { readonly result: { readonly data: Parameters<typeof SuperJSON.deserialize>[0] } };
  return SuperJSON.deserialize<Answer>(body.result.data);
}

export interface Health {
  readonly level: string;
  readonly code: string;
}

export function healthOf(console: string): Promise<Health> {
  return ask<Health>(console, 'cluster.health', cluster);
}

export interface TimelineEvent {
  readonly kind: string;
  readonly atMs: number;
}

/** Everything that the timeline has since then, as a count by kind. */
export async function eventsSince(console: string, sinceMs: number): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let beforeMs: number | undefined;
  for (;;) {
    const page: readonly TimelineEvent[] = await ask(console, 'cluster.events', { ...cluster, sinceMs, beforeMs, limit: eventsPage });
    for (const { kind } of page) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < eventsPage || oldest.atMs === beforeMs) return counts;
    beforeMs = oldest.atMs;
  }
}

/** Who leads what, with its epoch, a line for each partition: they stay the same as long as no leader changes. */
export async function leadersOf(bootstrap: readonly { readonly host: string; readonly port: number }[]): Promise<ReadonlySet<string>> {
  const client = new KafkaClient(nodeWorld(), { bootstrap, clientId: 'soak-watch' });
  try {
    const { topics } = await client.metadata(0);
    return new Set(
      [...topics.values()].flatMap(({ name, partitions }) =>
        partitions.map(({ partition, leaderId, leaderEpoch }) => `${name}-${partition} led by ${leaderId} in epoch ${leaderEpoch}`),
      ),
    );
  } finally {
    client.close();
  }
}
