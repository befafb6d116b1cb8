// Requests to the console's own server. An answer that is none of its kind (a proxy's page of status 502) becomes an error
// that says so: whoever reads it must not go looking for a fault in the cluster.

/** Something between this browser and the console answered in its place. */
export class ProxyAnsweredError extends Error {
  override readonly name = 'ProxyAnsweredError';
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** The console answers in JSON, also when it refuses. */
export async function consoleFetch(input: RequestInfo | URL | string, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) throw new ProxyAnsweredError(response.status);
  return response;
}
