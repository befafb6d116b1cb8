// How many copies of everything the embedded cluster keeps, and how soon it misses a broker, unless the operator says
// otherwise with --set. Kafka's own defaults are one copy, and nine seconds.

/** Three where there are three brokers: two of them may then be needed to acknowledge, and one may be lost. */
const wantedCopies = 3;

/** As name=value, to stand before the operator's own settings. */
export function replicationDefaults(brokers: number): readonly string[] {
  const copies = Math.min(wantedCopies, brokers);
  const needed = copies === wantedCopies ? 2 : 1;
  return [
    `default.replication.factor=${copies}`,
    `offsets.topic.replication.factor=${copies}`,
    `min.insync.replicas=${needed}`,
    // A killed process is noticed at once; this is for one that stands still. On one machine a heartbeat is never late.
    'broker.session.timeout.ms=3000',
    'broker.heartbeat.interval.ms=500',
    // The same for one that only its leader misses, behind a cut link: until it is let go, every acks=all write waits for it.
    'replica.lag.time.max.ms=3000',
    // Whoever started first leads everything until this has passed; Kafka waits five minutes.
    'leader.imbalance.check.interval.seconds=15',
  ];
}
