// Where the simulated brokers listen: one after the other, as the embedded cluster's do.

const firstPort = 9_092;

export function portOf(brokerId: number): number {
  return firstPort + brokerId - 1;
}

export function bootstrapOf(brokers: number): { readonly host: string; readonly port: number }[] {
  return Array.from({ length: brokers }, (_, index) => ({ host: '127.0.0.1', port: portOf(index + 1) }));
}
