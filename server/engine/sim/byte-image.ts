// The bytes of one file as somebody sees them: the page cache, or the device. Grows by doubling, so that appends stay cheap.

export class ByteImage {
  #bytes: Uint8Array = new Uint8Array(0);
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  content(): Uint8Array {
    return this.#bytes.slice(0, this.#sizeBytes);
  }

  read(target: Uint8Array, position: number): number {
    const length = Math.max(0, Math.min(target.length, this.#sizeBytes - position));
    target.set(this.#bytes.subarray(position, position + length));
    return length;
  }

  write(bytes: Uint8Array, position: number): void {
    this.resize(Math.max(this.#sizeBytes, position + bytes.length));
    this.#bytes.set(bytes, position);
  }

  /** Bytes between the old and the new end are zero, as in a real file. */
  resize(sizeBytes: number): void {
    if (sizeBytes > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(sizeBytes, this.#bytes.length * 2));
      grown.set(this.#bytes.subarray(0, this.#sizeBytes));
      this.#bytes = grown;
    }
    if (sizeBytes < this.#sizeBytes) this.#bytes.fill(0, sizeBytes, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  copy(): ByteImage {
    const copy = new ByteImage();
    copy.write(this.#bytes.subarray(0, this.#sizeBytes), 0);
    return copy;
  }
}
