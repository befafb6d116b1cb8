// The console is a Kafka client of the cluster it shows. What a person writes or replays through it are records like any
// others and stand on a card that says so; what it reads to show a page is nobody's consumption and gets no pipe.

/** What every client id of the console begins with. */
const ownPrefix = 'logarium-console';

export function isOwnClient(clientId: string): boolean {
  return clientId === ownPrefix || clientId.startsWith(`${ownPrefix}-`);
}
