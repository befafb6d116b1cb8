// The tokens of the page, read once per theme. The canvas has no other source of colour.

import { mixColours } from './colour.ts';
import type { FlowKind } from '../scene/edges.ts';

export interface Palette {
  readonly case: string;
  readonly shelf: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly line: string;
  readonly line2: string;
  readonly glass: string;
  readonly glass2: string;
  readonly floor: string;
  readonly healthy: string;
  readonly onHealthy: string;
  readonly lagging: string;
  readonly offline: string;
  /** A follower's face: a fifth of healthy on the shelf. */
  readonly follower: string;
  readonly hatch: string;
  readonly flow: Readonly<Record<FlowKind, string>>;
  readonly tube: Readonly<Record<FlowKind, string>>;
  readonly hairline: Readonly<Record<FlowKind, string>>;
  readonly uiFont: string;
}

/** How much denser than --tube each flow is laid on, and its hairline's share. */
const tubeFactor: Readonly<Record<FlowKind, number>> = { produce: 1.5, replicate: 1.05, consume: 1.9 };
const hairlineShare: Readonly<Record<FlowKind, number>> = { produce: 0.34, replicate: 0.22, consume: 0.34 };

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const [ground, shelf] = [token('--case'), token('--shelf')];
  const flow = { produce: token('--produce'), replicate: token('--replicate'), consume: token('--consume') };
  const tubeShare = Number.parseFloat(token('--tube')) || 0.1;
  const perFlow = (share: (kind: FlowKind) => number): Readonly<Record<FlowKind, string>> => ({
    produce: mixColours(ground, flow.produce, share('produce')),
    replicate: mixColours(ground, flow.replicate, share('replicate')),
    consume: mixColours(ground, flow.consume, share('consume')),
  });
  return {
    case: ground,
    shelf,
    ink: token('--ink'),
    ink2: token('--ink-2'),
    ink3: token('--ink-3'),
    line: token('--line'),
    line2: token('--line-2'),
    glass: token('--glass'),
    glass2: token('--glass-2'),
    floor: token('--sh-floor'),
    healthy: token('--healthy'),
    onHealthy: token('--on-healthy'),
    lagging: token('--lagging'),
    offline: token('--offline'),
    follower: mixColours(shelf, token('--healthy'), 0.22),
    hatch: mixColours(ground, token('--lagging'), 0.62),
    flow,
    tube: perFlow((kind) => tubeShare * tubeFactor[kind]),
    hairline: perFlow((kind) => tubeShare * tubeFactor[kind] + hairlineShare[kind] * (1 - tubeShare * tubeFactor[kind])),
    uiFont: token('--f-ui'),
  };
}
