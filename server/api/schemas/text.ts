// Text that is stored or sent as UTF-8.

import { z } from 'zod';

/** Half of a surrogate pair has no UTF-8: an encoder would put U+FFFD in its place without a word, so it is refused. */
export function isEncodable(text: string): boolean {
  return text.isWellFormed();
}

export function utf8Text(maxChars: number) {
  return z.string().max(maxChars).refine(isEncodable, { error: 'text-half-a-character' });
}
