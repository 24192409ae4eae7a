/**
 * Why a call on a link has no reply: the server said no, or the connection ended first. Callers match `code`.
 */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  /**
   * The failure's code as it came, though it may be in no catalogue; or the code with which the connection
   * ended.
   */
  readonly code: string;
  /** The server answered; else the connection ended. */
  readonly answered: boolean;
  /** What the server said for people; empty where it did not answer. */
  readonly explanation: string;
  /** Nobody knows whether the call was done all the same. */
  readonly mayHaveRun: boolean;

  constructor(
    code: string,
    message: string,
    details: { readonly answered: boolean; readonly mayHaveRun: boolean; readonly explanation?: string },
  ) {
    super(message);
    this.code = code;
    this.answered = details.answered;
    this.mayHaveRun = details.mayHaveRun;
    this.explanation = details.explanation ?? '';
  }
}
