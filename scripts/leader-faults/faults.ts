// What is done to a leader. Killing and freezing are signals from outside, as anybody could send them; links are cut by the lab.

import type { ControlClient } from '#server/supervisor/control-client.ts';
import type { ClusterProcess } from '../crash/cluster-process.ts';

export const modes = ['kill', 'freeze', 'cut'] as const;
export type Mode = (typeof modes)[number];

export interface Struck {
  /** For people. */
  readonly what: string;
  /** Brokers that still know what goes on. */
  readonly witnesses: readonly number[];
  /** null: there is nothing to undo, the supervisor starts the broker again. */
  readonly undo: (() => Promise<void>) | null;
}

export interface Target {
  readonly leaderId: number;
  readonly others: readonly number[];
  readonly round: number;
}

export interface Hands {
  readonly cluster: ClusterProcess;
  readonly control: ControlClient;
  /** Longer than a fault is held: the lab undoes what is left over. */
  readonly limitMs: number;
}

export async function strike(mode: Mode, target: Target, hands: Hands): Promise<Struck> {
  if (mode === 'cut') return cut(target, hands);
  const { leaderId, others } = target;
  const pid = hands.cluster.brokerPid(leaderId);
  if (pid === null) throw new Error(`broker ${leaderId} has no process`);
  process.kill(pid, mode === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  if (mode === 'kill') return { what: `broker ${leaderId} killed`, witnesses: others, undo: null };
  const thaw = (): Promise<void> => Promise.resolve(void process.kill(pid, 'SIGCONT'));
  return { what: `broker ${leaderId} frozen`, witnesses: others, undo: thaw };
}

interface Link {
  readonly fromId: number;
  readonly toId: number;
}

interface Cut {
  readonly what: string;
  readonly links: readonly Link[];
}

/** One way each: from the leader or to it, with one of the others or with both. */
function cutsOf({ leaderId, others, round }: Target): readonly Cut[] {
  const one = others.slice(Math.floor(round / 4) % others.length).slice(0, 1);
  const from = (peers: readonly number[]): readonly Link[] => peers.map((peer) => ({ fromId: leaderId, toId: peer }));
  const to = (peers: readonly number[]): readonly Link[] => peers.map((peer) => ({ fromId: peer, toId: leaderId }));
  return [
    { what: `broker ${leaderId} not heard by ${others.join(' and ')}`, links: from(others) },
    { what: `broker ${leaderId} does not hear ${others.join(' and ')}`, links: to(others) },
    { what: `broker ${leaderId} not heard by ${one.join('')}`, links: from(one) },
    { what: `broker ${leaderId} does not hear ${one.join('')}`, links: to(one) },
  ];
}

async function cut(target: Target, { control, limitMs }: Hands): Promise<Struck> {
  const cuts = cutsOf(target);
  const { what, links } = cuts[target.round % cuts.length] as Cut;
  for (const link of links) {
    const fault = { ...link, kind: 'cut' as const, bothWays: false };
    await control.call({ method: 'lab.inject', params: { fault, durationMs: limitMs, by: 'leader-faults' } });
  }
  const heal = async (): Promise<void> => void (await control.call({ method: 'lab.healAll', params: { by: 'leader-faults' } }));
  return { what, witnesses: target.others, undo: heal };
}
