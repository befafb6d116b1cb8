// Who asks, as Kafka shows members to operators: the client id it sent, and its address with Java's slash in front
// and without the port, so that a member that reconnects looks the same.

import type { ClientIdentity } from '#engine/coordinator/group/messages.ts';
import type { RequestContext } from './context.ts';

const ipv4InIpv6 = '::ffff:';

export function clientIdentity({ clientId, client }: Pick<RequestContext, 'clientId' | 'client'>): ClientIdentity {
  const host = client.address.slice(0, client.address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
  return { clientId: clientId ?? '', clientHost: `/${host.startsWith(ipv4InIpv6) ? host.slice(ipv4InIpv6.length) : host}` };
}
