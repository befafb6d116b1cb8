// Which kinds of the timeline have words of their own, and how each is marked on the thread. A kind nobody has
// named yet is still shown, by its raw name: an event is never swallowed.
import { electionKindOf, isUncleanElection } from '#components/shell/election-kind.ts';

export type IncidentMark = 'crown' | 'diamond' | 'cross' | 'ring' | 'triangle' | 'circle';
export type IncidentWord = 'leader' | 'isr' | 'broker' | 'controller' | 'topic' | 'config' | 'group' | 'log' | 'demo' | 'lab' | 'other';

export interface IncidentLook {
  readonly word: IncidentWord;
  readonly mark: IncidentMark;
  readonly isTrouble: boolean;
}

const looks: Readonly<Record<string, IncidentLook>> = {
  'leader-changed': { word: 'leader', mark: 'crown', isTrouble: false },
  'isr-changed': { word: 'isr', mark: 'cross', isTrouble: true },
  'controller-elected': { word: 'controller', mark: 'crown', isTrouble: false },
  'broker-started': { word: 'broker', mark: 'diamond', isTrouble: false },
  'broker-registered': { word: 'broker', mark: 'diamond', isTrouble: false },
  'broker-unfenced': { word: 'broker', mark: 'diamond', isTrouble: false },
  'broker-back': { word: 'broker', mark: 'diamond', isTrouble: false },
  'broker-stopping': { word: 'broker', mark: 'triangle', isTrouble: false },
  'broker-fenced': { word: 'broker', mark: 'cross', isTrouble: true },
  'broker-lost': { word: 'broker', mark: 'cross', isTrouble: true },
  'topic-created': { word: 'topic', mark: 'circle', isTrouble: false },
  'topic-deleted': { word: 'topic', mark: 'circle', isTrouble: false },
  'topic-changed': { word: 'topic', mark: 'circle', isTrouble: false },
  'partitions-added': { word: 'topic', mark: 'circle', isTrouble: false },
  'config-changed': { word: 'config', mark: 'circle', isTrouble: false },
  'group-state-changed': { word: 'group', mark: 'ring', isTrouble: false },
  'demo-started': { word: 'demo', mark: 'triangle', isTrouble: false },
  'demo-stopped': { word: 'demo', mark: 'triangle', isTrouble: false },
  'fault-injected': { word: 'lab', mark: 'triangle', isTrouble: true },
  'fault-ended': { word: 'lab', mark: 'circle', isTrouble: false },
  'broker-restarted': { word: 'lab', mark: 'diamond', isTrouble: false },
  'broker-added': { word: 'lab', mark: 'diamond', isTrouble: false },
  'voter-added': { word: 'controller', mark: 'circle', isTrouble: false },
  'voter-removed': { word: 'controller', mark: 'circle', isTrouble: false },
  'log-truncated': { word: 'log', mark: 'triangle', isTrouble: true },
  'log-start-moved': { word: 'log', mark: 'circle', isTrouble: false },
  'log-recovered': { word: 'log', mark: 'triangle', isTrouble: false },
  'log-directory-failed': { word: 'log', mark: 'cross', isTrouble: true },
  'disk-full': { word: 'log', mark: 'cross', isTrouble: true },
  'disk-writable': { word: 'log', mark: 'diamond', isTrouble: false },
  'log-damaged': { word: 'log', mark: 'cross', isTrouble: true },
  'log-uncleanable': { word: 'log', mark: 'triangle', isTrouble: true },
};

export function lookOf(event: Pick<Incident, 'kind' | 'detail'>): IncidentLook {
  const look = looks[event.kind] ?? { word: 'other', mark: 'circle', isTrouble: false };
  return isUncleanElection(event) ? { ...look, isTrouble: true } : look;
}

interface StoredEvent {
  readonly atMs: number;
  readonly kind: string;
}

export interface Incident extends StoredEvent {
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Steps of one and the same thing within this time are told by their last. */
const foldMs = 60_000;

/** A rebalance passes through its states in moments, and a new topic's partitions get their first leaders: the list
 *  tells how such a thing ended. Newest first, in and out; the table of the event lane has every step. */
export function foldIncidents<Event extends Incident>(newestFirst: readonly Event[]): readonly Event[] {
  const told = new Map<string, number>();
  return newestFirst.filter((event) => {
    if (isFirstLeader(event)) return false;
    if (event.kind !== 'group-state-changed') return true;
    const laterMs = told.get(event.subject);
    told.set(event.subject, event.atMs);
    return laterMs === undefined || laterMs - event.atMs > foldMs;
  });
}

function isFirstLeader(event: Incident): boolean {
  const { kind, detail } = event;
  const from = detail['previousLeaderId'];
  return kind === 'leader-changed' && electionKindOf(event) === null && typeof from === 'number' && from < 0;
}
