/** What the operator got wrong, in a sentence that names the setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
