// Bytes as people read them: text where the bytes are text, hexadecimal where they are not. Nothing is guessed.

import type { ByteField } from '#server/cluster/port.ts';

export interface ShownBytes {
  readonly kind: 'null' | 'empty' | 'text' | 'binary';
  readonly text: string;
  readonly sizeBytes: number;
  readonly isCut: boolean;
}

/** Bytes of hexadecimal shown before the rest is only counted. */
const maxHexBytes = 256;

export function fromBase64(base64: string): Uint8Array {
  const binary = atob(base64);
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

/** Control characters other than tab and line ends don't belong to text. */
function isReadable(text: string): boolean {
  // eslint-disable-next-line no-control-regex
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
}

function toText(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    // A cut field may end within a character: streaming holds such a tail back instead of refusing it.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    return isReadable(text) ? text : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export function toHex(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, maxHexBytes)].map((byte) => byte.toString(16).padStart(2, '0'));
  const lines = Array.from({ length: Math.ceil(shown.length / 16) }, (_, line) => shown.slice(line * 16, line * 16 + 16).join(' '));
  return lines.join('\n') + (bytes.length > maxHexBytes ? '\n…' : '');
}

/** JSON is laid out for reading; digits are never touched, so numbers stay exactly as they were sent. */
export function layOutJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  let depth = 0;
  let isString = false;
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (isString) {
      out += character;
      if (character === '\\') {
        out += text[at + 1] ?? '';
        at += 1;
      } else if (character === '"') isString = false;
      continue;
    }
    if (/\s/.test(character)) continue;
    if (character === '"') isString = true;
    if (character === '}' || character === ']') depth -= 1;
    if ((character === '}' || character === ']') && !/[[{]$/.test(out)) out += `\n${'  '.repeat(Math.max(0, depth))}`;
    out += character === ':' ? ': ' : character;
    if (character === '{' || character === '[') depth += 1;
    if (character === ',' || ((character === '{' || character === '[') && !/^\s*[\]}]/.test(text.slice(at + 1))))
      out += `\n${'  '.repeat(depth)}`;
  }
  return isJson(text) ? out : text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

export function showBytes(field: ByteField | null): ShownBytes {
  if (field === null) return { kind: 'null', text: '', sizeBytes: 0, isCut: false };
  if (field.sizeBytes === 0) return { kind: 'empty', text: '', sizeBytes: 0, isCut: false };
  const bytes = fromBase64(field.base64);
  const text = toText(bytes, field.isCut);
  return {
    kind: text === null ? 'binary' : 'text',
    text: text === null ? toHex(bytes) : layOutJson(text),
    sizeBytes: field.sizeBytes,
    isCut: field.isCut,
  };
}
