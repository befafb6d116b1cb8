// Text that came from outside, read for what a screen would hide or obey: characters without a shape, and those that
// turn the direction of what follows. Pure; foreign-text.tsx shows it.

export interface TextPart {
  readonly text: string;
  /** The code point of a character that has no shape of its own; null is ordinary text. */
  readonly mark: string | null;
}

// Control and format characters, separators of lines and paragraphs, halves of surrogate pairs, and whatever Unicode lets a
// font ignore (zero-width characters, fillers, tags). Tab and line ends have a shape where text is laid out in lines.
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
// A joiner between two pictographs and the selector behind one, or behind a keycap's digit, belong to the picture that is seen.
const pictograph = /\p{Extended_Pictographic}(?:[\ufe0f\p{EMod}]|\u200d\p{Extended_Pictographic})*|[0-9#*]\ufe0f\u20e3/u;
const token = new RegExp(`${pictograph.source}|${hidden.source}`, 'gu');
const layout = new Set(['\t', '\n', '\r']);

export function partsOf(text: string, hasLines = false): readonly TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (!isHidden(found) || (hasLines && layout.has(found))) continue;
    if (index > from) parts.push({ text: text.slice(from, index), mark: null });
    parts.push({ text: found, mark: codeOf(found) });
    from = index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), mark: null });
  return parts;
}

const ascii = /^[ -~]*$/;
const [isolate, endIsolate] = ['\u2068', '\u2069'];

/** The same for places that take a string alone (labels, titles, notes): marked by code, and apart from what stands around. */
export function foreignWords(text: string): string {
  if (ascii.test(text)) return text;
  const marked = partsOf(text).map((part) => (part.mark === null ? part.text : `<${part.mark}>`));
  return `${isolate}${marked.join('')}${endIsolate}`;
}

/** "U+202E". */
function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** What is longer than one code point is a pictograph, and is seen. */
function isHidden(found: string): boolean {
  return hidden.test(found) && found.length === String.fromCodePoint(found.codePointAt(0) ?? 0).length;
}
