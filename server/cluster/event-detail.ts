// What a stored event tells, read with care: it may have been written by an earlier release.

export type Detail = Readonly<Record<string, unknown>>;

export function numberIn(detail: Detail, name: string): number | null {
  const value = detail[name];
  return typeof value === 'number' ? value : null;
}

export function textIn(detail: Detail, name: string): string | null {
  const value = detail[name];
  return typeof value === 'string' ? value : null;
}
