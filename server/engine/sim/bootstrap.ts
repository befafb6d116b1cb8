// Where the simulated brokers listen.

const firstPort = 9_092;

export function bootstrapOf(brokers: number): { readonly host: string; readonly port: number }[] {
  return Array.from({ length: brokers }, (_, index) => ({ host: '127.0.0.1', port: firstPort + index }));
}
