import { expect, test } from 'vitest';
import { noFaults } from '#engine/world/faults.ts';
import type { ActiveFault, LabFault } from './lab-messages.ts';
import { ordersFor, refusalOf } from './lab-plan.ts';
import type { LabRefusal } from './lab-refusal.ts';

const members = [1, 2, 3].map((brokerId) => ({ brokerId, ports: [9091 + brokerId, 9191 + brokerId] }));

function active(...faults: readonly LabFault[]): ActiveFault[] {
  return faults.map((fault, index) => ({ faultId: `f${index}`, fault, startedAtMs: 0, endsAtMs: 1, by: 'x' }));
}

const linksOf = (brokerId: number, ...faults: readonly LabFault[]) => ordersFor(brokerId, active(...faults), members).settings.links;

test('a cut from 1 to 2 stops what 1 sends and what 2 receives, on the streams that each opened, and nothing else', () => {
  const cut: LabFault = { kind: 'cut', fromId: 1, toId: 2, bothWays: false };
  expect(linksOf(1, cut)).toEqual([{ ports: [9093, 9193], sends: false, receives: true, delayMs: 0 }]);
  expect(linksOf(2, cut)).toEqual([{ ports: [9092, 9192], sends: true, receives: false, delayMs: 0 }]);
  expect(linksOf(3, cut)).toEqual([]);
});

test('a cut both ways, and two cuts one way each, are the same thing', () => {
  const both = linksOf(1, { kind: 'cut', fromId: 1, toId: 2, bothWays: true });
  expect(both).toEqual([{ ports: [9093, 9193], sends: false, receives: false, delayMs: 0 }]);
  const pair: LabFault[] = [
    { kind: 'cut', fromId: 1, toId: 2, bothWays: false },
    { kind: 'cut', fromId: 2, toId: 1, bothWays: false },
  ];
  expect(linksOf(1, ...pair)).toEqual(both);
});

test('delays of one link add up, and a cut beside them stays a cut', () => {
  const slow: LabFault = { kind: 'slow-link', fromId: 2, toId: 1, delayMs: 50 };
  expect(linksOf(1, slow, { ...slow, delayMs: 7 }, { kind: 'cut', fromId: 1, toId: 2, bothWays: false })).toEqual([
    { ports: [9093, 9193], sends: false, receives: true, delayMs: 57 },
  ]);
});

test('disk, clock, slow clients and lost requests reach only their broker', () => {
  const faults = active(
    { kind: 'slow-disk', brokerId: 2, delayMs: 5 },
    { kind: 'full-disk', brokerId: 2 },
    { kind: 'failing-sync', brokerId: 2 },
    { kind: 'skewed-clock', brokerId: 2, skewMs: -1_000 },
    { kind: 'slow-clients', brokerId: 2, delayMs: 9 },
    { kind: 'drop', brokerId: 2, apiKey: 1, what: 'response' },
  );
  expect(ordersFor(1, faults, members)).toEqual({ settings: noFaults, drops: [] });
  expect(ordersFor(2, faults, members)).toEqual({
    settings: { links: [], inboundDelayMs: 9, disk: { delayMs: 5, isFull: true, failsSync: true }, clockSkewMs: -1_000 },
    drops: [{ ruleId: 'f5', apiKey: 1, what: 'response' }],
  });
});

test('what was done to a process says nothing to its world', () => {
  expect(ordersFor(1, active({ kind: 'kill', brokerId: 1 }, { kind: 'freeze', brokerId: 1 }), members).settings).toEqual(noFaults);
});

interface Refusal {
  readonly name: string;
  readonly fault: LabFault;
  readonly before?: readonly LabFault[];
  readonly reason: LabRefusal | null;
}

test.each<Refusal>([
  { name: 'a stranger', fault: { kind: 'kill', brokerId: 9 }, reason: { kind: 'lab-no-broker', params: { broker: 9 } } },
  { name: 'a link to itself', fault: { kind: 'cut', fromId: 1, toId: 1, bothWays: true }, reason: { kind: 'lab-same-ends', params: {} } },
  { name: 'killing what is dead', fault: { kind: 'kill', brokerId: 3 }, reason: { kind: 'lab-not-running', params: { broker: 3 } } },
  {
    name: 'freezing twice',
    fault: { kind: 'freeze', brokerId: 1 },
    before: [{ kind: 'freeze', brokerId: 1 }],
    reason: { kind: 'lab-frozen', params: { broker: 1 } },
  },
  {
    name: 'the same again',
    fault: { kind: 'full-disk', brokerId: 1 },
    before: [{ kind: 'full-disk', brokerId: 1 }],
    reason: { kind: 'lab-holds', params: {} },
  },
  { name: 'a sick disk of a broker that is down is no contradiction', fault: { kind: 'full-disk', brokerId: 3 }, reason: null },
  { name: 'what is frozen may be killed', fault: { kind: 'kill', brokerId: 1 }, before: [{ kind: 'freeze', brokerId: 1 }], reason: null },
])('$name', ({ fault, before = [], reason }) => {
  const refusal = refusalOf(fault, active(...before), { known: new Set([1, 2, 3]), alive: new Set([1, 2]) });
  expect(refusal).toEqual(reason);
});
