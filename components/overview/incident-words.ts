// Which kinds of the timeline have words of their own, and how each is marked on the thread. A kind nobody has
// named yet is still shown, by its raw name: an event is never swallowed.
export type IncidentMark = 'crown' | 'diamond' | 'cross' | 'ring' | 'triangle' | 'circle';
export type IncidentWord = 'leader' | 'isr' | 'broker' | 'controller' | 'topic' | 'config' | 'group' | 'log' | 'other';

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
  'log-truncated': { word: 'log', mark: 'triangle', isTrouble: true },
  'log-start-moved': { word: 'log', mark: 'circle', isTrouble: false },
  'log-recovered': { word: 'log', mark: 'triangle', isTrouble: false },
  'log-directory-failed': { word: 'log', mark: 'cross', isTrouble: true },
};

export function lookOf(kind: string): IncidentLook {
  return looks[kind] ?? { word: 'other', mark: 'circle', isTrouble: false };
}

export interface StoredEvent {
  readonly atMs: number;
  readonly kind: string;
}

/** How often in-sync sets changed since `fromMs`. */
export function countIsrChanges(events: readonly StoredEvent[], fromMs: number): number {
  return events.filter((event) => event.kind === 'isr-changed' && event.atMs >= fromMs).length;
}
