// Who asks, as Kafka shows members to operators: the client id it sent, and its address with Java's slash in front.

import type { ClientIdentity } from '#engine/coordinator/group/messages.ts';
import type { RequestContext } from './context.ts';

const ipv4InIpv6 = '::ffff:';

export function clientIdentity({ clientId, client }: Pick<RequestContext, 'clientId' | 'client'>): ClientIdentity {
  const { address } = client;
  return { clientId: clientId ?? '', clientHost: `/${address.startsWith(ipv4InIpv6) ? address.slice(ipv4InIpv6.length) : address}` };
}
