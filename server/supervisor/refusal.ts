// A start that can't be: what stands in the way, in one sentence for the person who asked for it.

export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
