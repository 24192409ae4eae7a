/** What the commands of this tool stop with. The message says what was wrong and what to do. */

/**
 * `bad_flag`: the command line can't be understood. `bad_flow`: the flow file is no flow. `load_ended`: a
 * process of bots or attackers ended by itself. `stalled`: users stopped arriving.
 */
export type LoadErrorCode = 'bad_flag' | 'bad_flow' | 'load_ended' | 'stalled';

export class LoadError extends Error {
  override readonly name = 'LoadError';
  readonly code: LoadErrorCode;

  constructor(code: LoadErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}
