// The width of a pipe follows the root of its rate: four times the records, twice the pipe.

import { edgeRate } from './edges.ts';
import type { EdgeBook } from './edges.ts';
import type { Layout, Tube } from './layout.ts';

const thinnest = 2.5;
const perRoot = 1.3;
/** The widest pipe; beyond it all are scaled down together, so that they stay comparable. */
const widest = 16;

export function tubeRate(tube: Tube, edges: EdgeBook, nowMs: number): number {
  return tube.edges.reduce((sum, index) => sum + edgeRate(edges.at(index), nowMs), 0);
}

/** The widths of all tubes of a layout, in their order. */
export function tubeWidths(layout: Layout, edges: EdgeBook, nowMs: number): readonly number[] {
  const rates = layout.tubes.map((tube) => tubeRate(tube, edges, nowMs));
  const busiest = Math.sqrt(Math.max(0, ...rates));
  const factor = busiest === 0 ? perRoot : Math.min(perRoot, (widest - thinnest) / busiest);
  return rates.map((rate) => thinnest + factor * Math.sqrt(rate));
}
