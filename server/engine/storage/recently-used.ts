// A bounded map that lets go of what was used least recently: file handles and loaded indexes of sealed
// segments. A Map keeps insertion order and every use inserts anew, so the first key is the oldest.

export class RecentlyUsed<Value> {
  readonly #limit: number;
  readonly #letGo: (value: Value) => void;
  readonly #values = new Map<string, Value>();

  constructor(limit: number, letGo: (value: Value) => void) {
    this.#limit = limit;
    this.#letGo = letGo;
  }

  get size(): number {
    return this.#values.size;
  }

  /** The value of `key`, made when absent. Making one may let go of another. */
  get(key: string, make: () => Value): Value {
    const known = this.#values.get(key);
    const value = known ?? make();
    if (known !== undefined) this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) this.release(this.#values.keys().next().value!);
    return value;
  }

  release(key: string): void {
    const value = this.#values.get(key);
    if (value === undefined) return;
    this.#values.delete(key);
    this.#letGo(value);
  }

  releaseAll(): void {
    for (const value of this.#values.values()) this.#letGo(value);
    this.#values.clear();
  }
}
