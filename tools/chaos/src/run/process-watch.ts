/**
 * Starts, ends and signals the processes of a cluster, and writes into the history what became of them: how
 * each ended, and what it said on its standard error or logged as an error.
 */
import type { AppProcess } from '@lobby/cluster';
import type { Recorder } from '../history/recorder.ts';

const ERROR_LEVELS: readonly unknown[] = ['error', 'fatal'];
const MOST_COMPLAINTS = 50;

export class ProcessWatch {
  readonly #recorder: Recorder;
  /** The signal that was sent to end a process. */
  readonly #meant = new Map<string, NodeJS.Signals>();
  readonly #ends = new Map<string, Promise<void>>();

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  start(app: AppProcess): void {
    const { name: node } = app;
    this.#meant.delete(node);
    app.start();
    this.#recorder.tell({ what: 'process', node, event: 'started' });
    this.#ends.set(
      node,
      app.exited.then(({ code, signal }) => {
        const meant = this.#meant.get(node);
        this.complaintsOf(app);
        this.#recorder.tell({
          what: 'process',
          node,
          event: 'ended',
          code,
          signal,
          ...(meant === undefined ? {} : { meant }),
        });
      }),
    );
  }

  /** Kills it; resolves when it is gone. */
  async kill(app: AppProcess): Promise<void> {
    this.#meant.set(app.name, 'SIGKILL');
    app.kill('SIGKILL');
    await this.#ends.get(app.name);
  }

  /** Asks it to end; resolves when it has. */
  async stop(app: AppProcess, { patienceMs }: { readonly patienceMs: number }): Promise<void> {
    this.#meant.set(app.name, 'SIGTERM');
    await app.stop({ patienceMs });
    await this.#ends.get(app.name);
  }

  /** What the newest run of a process has complained of so far. */
  complaintsOf({ name: node, log }: AppProcess): void {
    const complaints = [...log].filter(({ level }) => ERROR_LEVELS.includes(level));
    for (const line of complaints.slice(0, MOST_COMPLAINTS))
      this.#recorder.tell({ what: 'complaint', node, text: JSON.stringify(line) });
    if (log.errors !== '') this.#recorder.tell({ what: 'complaint', node, text: log.errors });
  }
}
