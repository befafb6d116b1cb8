// Whether the rail is folded: the reader's choice, or by place when there is none.
export type Fold = 'auto' | 'folded' | 'open';
export const foldCookie = 'logarium-rail';

export function toFold(cookie: string | undefined): Fold {
  return cookie === 'folded' || cookie === 'open' ? cookie : 'auto';
}
