// Bytes of a request or of a slice of the log are views on a larger buffer that will be used again.

/** A copy that stands alone. Not slice(): that shares the memory when the view is a Node Buffer. */
export function keepBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
