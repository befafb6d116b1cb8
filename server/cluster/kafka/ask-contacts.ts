// Asks every broker at the address that it advertises. A connection counts once the broker has said what it serves.

import { formatHostPort } from '#engine/base/host-port.ts';
import type { BrokerNode } from '#engine/client/cluster-metadata.ts';
import { ClientError } from '#engine/client/errors.ts';
import type { KafkaClient } from '#engine/client/kafka-client.ts';
import type { BrokerContact } from '../broker-contact.ts';

export async function askContacts(client: KafkaClient, maxAgeMs: number): Promise<readonly BrokerContact[]> {
  const { brokers } = await client.metadata(maxAgeMs);
  return Promise.all([...brokers.values()].map((broker) => askContact(client, broker)));
}

async function askContact(client: KafkaClient, { brokerId, host, port }: BrokerNode): Promise<BrokerContact> {
  const contact = { brokerId, address: formatHostPort({ host, port }) };
  try {
    await client.connectionTo(brokerId);
    return { ...contact, reason: null };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    return { ...contact, reason: error.message };
  }
}
