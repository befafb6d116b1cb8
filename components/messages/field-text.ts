// Bytes as people can read them, without pretending: null, empty, text and binary are four different things,
// and bytes that are not UTF-8 are never shown as if they were.
import type { ByteField } from '#server/cluster/port.ts';

export type FieldText =
  | { readonly kind: 'null' }
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readField(field: ByteField | null): FieldText {
  if (field === null) return { kind: 'null' };
  const bytes = fromBase64(field.base64);
  if (bytes.length === 0 && field.sizeBytes === 0) return { kind: 'empty' };
  const text = decodeText(bytes, field.isCut);
  return text === null ? { kind: 'binary', bytes } : { kind: 'text', text, bytes };
}

export function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}

/** A cut may fall inside a character; up to three bytes of it are left out before the text is judged. */
function decodeText(bytes: Uint8Array, isCut: boolean): string | null {
  const most = isCut ? 3 : 0;
  for (let dropped = 0; dropped <= most && dropped <= bytes.length; dropped += 1) {
    const text = tryDecode(bytes.subarray(0, bytes.length - dropped));
    if (text !== null) return isPrintable(text) ? text : null;
  }
  return null;
}

function tryDecode(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch {
    // Not UTF-8: an outcome, not a failure; the caller shows the bytes instead.
    return null;
  }
}

/** Control characters other than tab and line ends mark a binary format that happens to be valid UTF-8. */
function isPrintable(text: string): boolean {
  // oxlint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
}

/** On one line, for a row of the table. */
export function oneLine(text: string, most = 400): string {
  return cutText(text, most).replaceAll(/\s*\n\s*/g, ' ');
}

/** Never through the middle of a character: half of one would look like what nobody wrote. */
export function cutText(text: string, most: number): string {
  const cut = text.slice(0, most);
  return cut.length < text.length && /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

export interface HexRow {
  readonly at: number;
  readonly hex: string;
  readonly text: string;
}

const rowBytes = 16;

export function hexRows(bytes: Uint8Array): readonly HexRow[] {
  const rows: HexRow[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const part = [...bytes.subarray(at, at + rowBytes)];
    rows.push({
      at,
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return rows;
}

/** Bytes in hex for one line, for a key that isn't text. */
export function hexPreview(bytes: Uint8Array, most = 24): string {
  const shown = [...bytes.subarray(0, most)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > most ? `${shown} …` : shown;
}
