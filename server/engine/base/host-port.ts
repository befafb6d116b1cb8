/** As clients and people write an address: an IPv6 host stands in brackets, so that its port can be told from it. */
export function formatHostPort({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${formatHost(host)}:${port}`;
}

/** A host as it stands in an address or a Host header. */
export function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
