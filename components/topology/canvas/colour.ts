// Colours as the canvas needs them: opaque, mixed beforehand. A tube at 15 % over the case is drawn as the colour
// it would have there, so that branches never darken a trunk and a halo can cut it cleanly.

export type Rgb = readonly [number, number, number];

/** Parses "#rgb", "#rrggbb" and "rgb(r, g, b)"; null for anything else. */
export function parseColour(text: string): Rgb | null {
  const trimmed = text.trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(trimmed);
  if (short !== null) return [short[1]!, short[2]!, short[3]!].map((digit) => Number.parseInt(digit + digit, 16)) as unknown as Rgb;
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(trimmed);
  if (long !== null) return [long[1]!, long[2]!, long[3]!].map((pair) => Number.parseInt(pair, 16)) as unknown as Rgb;
  const functional = /^rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)/.exec(trimmed);
  return functional === null ? null : [Number(functional[1]), Number(functional[2]), Number(functional[3])];
}

/** `share` of `over` laid on `under`. */
export function mixColours(under: string, over: string, share: number): string {
  const [below, above] = [parseColour(under), parseColour(over)];
  if (below === null || above === null) return over;
  const channel = (index: 0 | 1 | 2): number => Math.round(below[index] + (above[index] - below[index]) * share);
  return `rgb(${channel(0)}, ${channel(1)}, ${channel(2)})`;
}
