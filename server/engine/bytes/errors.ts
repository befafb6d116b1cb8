// What a codec may refuse. A DecodeError is the sender's fault (a protocol outcome for the shell that
// owns the connection or file); an EncodeError is ours: a value that its schema can't express.

export type DecodeProblem =
  /** The bytes end before the value does. */
  | 'truncated'
  /** A varint goes on for more than its width allows. */
  | 'overlong-varint'
  /** A length prefix is negative (other than the null mark) or points past its enclosure. */
  | 'bad-length'
  /** The null mark where the schema allows no null. */
  | 'unexpected-null'
  /** More array elements than the bytes, or the budget of one message, can hold. */
  | 'too-many-elements'
  /** A tagged field whose content is shorter or longer than its announced size. */
  | 'tag-size-mismatch'
  /** Bytes are left over where a message must end. */
  | 'trailing-bytes'
  /** An API key, record type or version that nothing here can read. */
  | 'unsupported';

/** The only error that decoding throws, whatever the bytes. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  readonly problem: DecodeProblem;
  /** Position in the buffer that was read, in bytes from its start. */
  readonly position: number;
  constructor(problem: DecodeProblem, position: number, detail: string) {
    super(`${detail} at byte ${position} (${problem})`);
    this.problem = problem;
    this.position = position;
  }
}

/** A value that can't be written: out of range, null where none is allowed, or absent from the version. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}
