// What went wrong, as data, and what to do about it: screens word both in the reader's language, and whoever reads plain
// text gets the English words from here. What Kafka, a library or the system said of itself stays text, as `words`.

import { refusalWords, type LabRefusal } from '#server/supervisor/lab-refusal.ts';

export type Trouble =
  | LabRefusal
  | Told<'unknown-topic', { readonly topic: string }>
  | Told<'unknown-partition' | 'partition-unled', { readonly topic: string; readonly partition: number }>
  | Told<'partition-beyond', { readonly topic: string; readonly count: number }>
  | Told<'unknown-broker', { readonly broker: number }>
  | Told<'unknown-cluster' | 'unknown-job', { readonly id: string }>
  | Told<'unknown-view' | 'view-name-taken' | 'views-full' | 'clusters-full' | 'console-stopping', Nothing>
  | Told<'cluster-name-taken' | 'rename-refused', { readonly name: string }>
  | Told<'no-address' | 'page-left' | 'scan-cancelled', Nothing>
  | Told<'bad-address', { readonly part: string }>
  | Told<'no-quorum' | 'nodes-elsewhere' | 'no-lab' | 'no-demo', Nothing>
  | Told<'replays-running', { readonly count: number }>
  | Told<'internal-target', { readonly topic: string }>
  | Told<'narrow-target', { readonly topic: string; readonly count: number; readonly highest: number }>
  | Told<'batch-damaged' | 'records-unreadable', { readonly offset: number } & Quoted>
  | Told<'old-format', { readonly magic: number }>
  /** Whose vote can't be given or taken. */
  | Told<'voter-already' | 'no-observer' | 'no-controller' | 'no-voter' | 'last-voter', { readonly node: number }>
  | Told<'voters-configured', Nothing>
  | Told<'voters-late', { readonly node: number } & Quoted>
  | Told<'controllers-unreachable', Quoted>
  /** Nobody of the cluster answers; `words` are the tries. */
  | Told<'no-broker-answers', Quoted>
  /** The cluster answered and said no: Kafka's name of the error, and its own words where it gave any. */
  | Told<'refused', { readonly name: string } & Quoted>
  | Told<LinkTrouble, Quoted>
  | Told<'supervisor-silent' | 'lab-refused' | 'journal-lost' | 'unexpected', Quoted>;

/** No usable answer came, one kind for each way in which that can be. */
export type LinkTrouble =
  | 'link-timed-out'
  | 'link-versions'
  | 'link-connect-failed'
  | 'link-disconnected'
  | 'link-closed'
  | 'link-overloaded'
  | 'link-no-route'
  | 'link-malformed';

export type Advice = keyof typeof adviceWords;

/** Both together, as they travel to a screen. */
export interface ToldTrouble {
  readonly kind: Trouble['kind'];
  readonly params: Readonly<Record<string, string | number>>;
  readonly advice: Advice | null;
}

type Told<Kind extends string, Params> = Kind extends string ? { readonly kind: Kind; readonly params: Params } : never;
type Nothing = Readonly<Record<string, never>>;
interface Quoted {
  readonly words: string;
}

export const adviceWords = {
  'other-name': 'Choose another name.',
  'other-name-or-replace': 'Choose another name, or replace it.',
  'delete-view': 'Delete one that is no longer needed.',
  'view-deleted': 'Somebody else deleted it.',
  'detach-one': 'Detach one that is no longer needed.',
  'listed-cluster': 'Choose a cluster from the list.',
  'give-address': 'Give at least one host:port.',
  'write-address': 'Write it as host:port, for example 127.0.0.1:9092.',
  'wait-for-replay': 'Wait for one to end, or cancel one.',
  'own-topic': 'Choose a topic of your own.',
  'widen-target': 'Add partitions to the target, or let the keys choose the partitions.',
  'own-cluster-lab': 'Only the cluster that this program starts can be disturbed on purpose.',
  'own-cluster-demo': 'Demo traffic runs on the cluster that this program starts.',
  'still-running': 'Look whether `npm start` still runs.',
  'check-brokers': 'Check that the brokers run and that these addresses can be reached from this machine.',
  'versions-apart': "This cluster's brokers are too old, or too new, for this.",
  'try-again': 'Try again in a moment.',
  'check-proxy': 'Look at the proxy in front of the console, and whether the console runs behind it.',
  'allow-host': 'Start the console with LOGARIUM_CONSOLE_HOSTS set to the name in the address, or let the proxy pass the Host header on.',
  'advertised-address':
    "Should this stay, the address that the broker advertises can't be reached from the console: look at its advertised.listeners.",
  'older-tool': 'Read them with an older tool, or copy the topic with a current producer.',
  'fewer-replicas': 'Use at most as many replicas as there are brokers.',
  'stop-consumers': 'Stop its consumers first.',
  'send-less': 'Raise max.message.bytes of the topic, or send less.',
  'deletion-disabled': 'The brokers run with delete.topic.enable=false.',
  'start-node': 'Look whether it runs.',
  'controller-role': 'Start it with controller among its process.roles, and with a listener for it.',
  'raise-kraft-version':
    'Raise kraft.version to 1 (kafka-features upgrade --feature kraft.version=1), once every node is of Apache Kafka 3.9 or later.',
  'reach-controllers': "Open the controllers' listeners to this machine.",
  'look-at-brokers': 'Fewer replicas are in sync than min.insync.replicas asks for: look at the brokers.',
} as const;

type Words = { readonly [Kind in Exclude<Trouble['kind'], LabRefusal['kind']>]: (params: ParamsOf<Kind>) => string };
type ParamsOf<Kind> = Extract<Trouble, { readonly kind: Kind }>['params'];

const own = ({ words: text }: Quoted): string => text;

const words: Words = {
  'unknown-topic': ({ topic }) => `this cluster has no topic "${topic}"`,
  'unknown-partition': ({ topic, partition }) => `this cluster has no partition ${topic}-${partition}`,
  'partition-unled': ({ topic, partition }) => `${topic} has no partition ${partition}, or it has no leader now`,
  'partition-beyond': ({ topic, count }) => `${topic} has ${count} partitions, numbered from 0`,
  'unknown-broker': ({ broker }) => `this cluster has no broker ${broker}`,
  'unknown-cluster': ({ id }) => `no cluster with the id "${id}" is attached`,
  'unknown-job': ({ id }) => `no replay with the id "${id}" is known`,
  'unknown-view': () => 'this view is no longer there',
  'view-name-taken': () => 'a view of this name exists already',
  'views-full': () => 'the list of saved views is full',
  'clusters-full': () => 'the list of clusters is full',
  'console-stopping': () => 'the console is stopping',
  'cluster-name-taken': ({ name }) => `a cluster named "${name}" is attached already`,
  'rename-refused': ({ name }) => `"${name}" is taken, or the cluster is gone`,
  'no-address': () => 'no bootstrap address was given',
  'page-left': () => 'nobody waits for this page any more',
  'scan-cancelled': () => 'the scan was cancelled',
  'bad-address': ({ part }) => `"${part}" is not a host and port`,
  'no-quorum': () => 'this cluster has no metadata quorum, or does not tell of it',
  'nodes-elsewhere': () => "the quorum's nodes can only be asked where their processes are",
  'no-lab': () => 'this cluster has no lab',
  'no-demo': () => 'this cluster has no demo traffic',
  'replays-running': ({ count }) => `${count} replays are running already`,
  'internal-target': ({ topic }) => `${topic} belongs to the cluster itself`,
  'narrow-target': ({ topic, count, highest }) => `${topic} has ${count} partitions, the source uses partition ${highest}`,
  'batch-damaged': ({ offset, words: why }) => `a stored batch that ends at offset ${offset} is damaged: ${why}`,
  'records-unreadable': ({ offset, words: why }) => `the records of the batch that ends at offset ${offset} can't be read: ${why}`,
  'old-format': ({ magic }) => `these records are stored in message format ${magic}, from before Kafka 0.11`,
  'voter-already': ({ node }) => `node ${node} is a voter already`,
  'no-observer': ({ node }) => `no node ${node} follows the quorum`,
  'no-controller': ({ node }) => `node ${node} has no controller's listener, so it can't vote`,
  'no-voter': ({ node }) => `node ${node} is no voter`,
  'last-voter': ({ node }) => `node ${node} is the only voter`,
  'voters-configured': () => 'the voters stand in the configuration of every node: kraft.version is 0',
  'voters-late': ({ node, words: text }) => `the quorum did not take the change of node ${node} in time: ${text}`,
  'controllers-unreachable': own,
  'no-broker-answers': own,
  refused: ({ name, words: text }) => (text === '' ? name : text),
  'link-timed-out': own,
  'link-versions': own,
  'link-connect-failed': own,
  'link-disconnected': own,
  'link-closed': own,
  'link-overloaded': own,
  'link-no-route': own,
  'link-malformed': own,
  'supervisor-silent': own,
  'lab-refused': own,
  'journal-lost': ({ words: why }) => `the report could not be saved and is lost when the console stops: ${why}`,
  unexpected: own,
};

export function troubleWords(trouble: Trouble): string {
  if (isLabRefusal(trouble)) return refusalWords(trouble);
  // The table's type says that each kind's words take that kind's params; through a union the compiler can't follow.
  return (words[trouble.kind] as (params: Trouble['params']) => string)(trouble.params);
}

function isLabRefusal(trouble: Trouble): trouble is LabRefusal {
  return !(trouble.kind in words);
}
