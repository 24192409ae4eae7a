/**
 * The one error of this package: a setting, or what a setting points at, that does not let the app start.
 *
 * Its message is written for the person who starts the app: each fault is one line that names the variable,
 * what was found, what is expected and what to do. It never holds the value of a secret.
 */
/**
 * The app cannot start as it is configured. `faults` has one line for each thing that is wrong; `message`
 * tells them all at once, so that a configuration is corrected in one go.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config';
  readonly faults: readonly string[];

  constructor(faults: readonly [string, ...string[]]) {
    const [first, ...more] = faults;
    super(more.length === 0 ? first : `${faults.length} settings are wrong:\n  ${faults.join('\n  ')}`);
    this.faults = Object.freeze([...faults]);
  }
}
