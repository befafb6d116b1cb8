// Reads JSON as text and lays it out again, token by token. Numbers never become JavaScript numbers, so a 64-bit
// id keeps its last digits, 1.10 stays 1.10, and duplicate keys stay twice, in their order.
// Invariant: joining the tokens gives the input without its whitespace.

export type TokenKind = 'key' | 'string' | 'number' | 'literal' | 'punctuation';
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}
export interface JsonLine {
  readonly indent: number;
  readonly tokens: readonly Token[];
}

const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const literal = /true|false|null/y;

/** Deeper than this is not laid out: a hostile value must not overflow the stack. */
const maxDepth = 500;

/** The tokens of one JSON text, or null when it isn't JSON by RFC 8259. */
export function lexJson(text: string): readonly Token[] | null {
  const lexer = new Lexer(text);
  return lexer.value(0) && lexer.isAtEnd() ? lexer.tokens : null;
}

class Lexer {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#take(space);
    return this.#at === this.#text.length;
  }

  value(depth: number): boolean {
    this.#take(space);
    switch (this.#text[this.#at]) {
      case '{':
        return depth < maxDepth && this.#list('}', () => this.#member(depth + 1));
      case '[':
        return depth < maxDepth && this.#list(']', () => this.value(depth + 1));
      case '"':
        return this.#scalar(string, 'string');
      default:
        return this.#scalar(literal, 'literal') || this.#scalar(number, 'number');
    }
  }

  #member(depth: number): boolean {
    this.#take(space);
    return this.#scalar(string, 'key') && this.#mark(':') && this.value(depth);
  }

  #list(end: string, item: () => boolean): boolean {
    this.#push('punctuation', this.#text[this.#at] ?? '');
    this.#at += 1;
    if (this.#mark(end)) return true;
    do if (!item()) return false;
    while (this.#mark(','));
    return this.#mark(end);
  }

  #mark(sign: string): boolean {
    this.#take(space);
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    this.#push('punctuation', sign);
    return true;
  }

  #scalar(pattern: RegExp, kind: TokenKind): boolean {
    const text = this.#take(pattern);
    if (text === null) return false;
    this.#push(kind, text);
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#text)?.[0] ?? null;
    if (text !== null) this.#at += text.length;
    return text;
  }

  #push(kind: TokenKind, text: string): void {
    this.tokens.push({ kind, text });
  }
}

/** One line a member, indented; an empty object or list stays on its line. */
export function layOutJson(tokens: readonly Token[]): readonly JsonLine[] {
  const lines: { indent: number; tokens: Token[] }[] = [{ indent: 0, tokens: [] }];
  let indent = 0;
  const open = (): void => void lines.push({ indent, tokens: [] });
  tokens.forEach((token, index) => {
    const isOpening = token.kind === 'punctuation' && (token.text === '{' || token.text === '[');
    const isClosing = token.kind === 'punctuation' && (token.text === '}' || token.text === ']');
    const wasOpened = isClosing && isOpeningText(tokens[index - 1]);
    if (isClosing && !wasOpened) {
      indent -= 1;
      open();
    }
    lines.at(-1)?.tokens.push(token);
    if (isOpening && !isClosingText(tokens[index + 1])) {
      indent += 1;
      open();
    }
    if (token.kind === 'punctuation' && token.text === ',') open();
  });
  return lines;
}

function isOpeningText(token: Token | undefined): boolean {
  return token?.kind === 'punctuation' && (token.text === '{' || token.text === '[');
}

function isClosingText(token: Token | undefined): boolean {
  return token?.kind === 'punctuation' && (token.text === '}' || token.text === ']');
}
