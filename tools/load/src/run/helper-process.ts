/**
 * A process of this tool beside the one that leads: it takes orders, tells news, and dies with its leader.
 * What is said is typed by whoever starts it; what it does is its main module's.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '@lobby/cluster';
import { LoadError } from '../load-error.ts';

export interface HelperProcessOptions<News> {
  /** What it is called in errors. */
  readonly name: string;
  /** Told all that nobody waits for. */
  readonly hear?: (news: News) => void;
  /**
   * It gets a core only when no server wants it: it stands for other machines, whose cores are not the
   * servers'.
   */
  readonly yields?: boolean;
}

export class HelperProcess<Order extends object, News extends { readonly news: string }> {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #hear: (news: News) => void;
  readonly #waiting = new Map<string, PromiseWithResolvers<News>>();
  #fault: LoadError | undefined;
  #ending = false;

  /** Starts the module `main`, beside this one's directory, as a process. */
  constructor(main: string, { name, hear, yields = false }: HelperProcessOptions<News>) {
    this.name = name;
    this.#hear = hear ?? (() => undefined);
    const module = fileURLToPath(new URL(main, import.meta.url)).replace(/\.ts$/, extension());
    this.#child = fork(module, [], {
      execArgv: ['--conditions=@lobby/source'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: COMPILE_CACHE },
      serialization: 'advanced',
    });
    if (yields && this.#child.pid !== undefined)
      setPriority(this.#child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    this.#child
      .on('message', (news) => this.#heard(news as News))
      .on('error', (error) => this.#failed(new LoadError('load_ended', `${name}: ${error.message}`)))
      .on('exit', (code, signal) => {
        if (!this.#ending)
          this.#failed(new LoadError('load_ended', `${name} ended with ${signal ?? `exit code ${code}`}`));
      });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Why nothing more is to be expected of it, if so. */
  get fault(): LoadError | undefined {
    return this.#fault;
  }

  order(order: Order): void {
    if (this.#child.connected) this.#child.send(order);
  }

  /** The next news of this kind. Rejects with a `LoadError` where the process ends or fails first. */
  next<Kind extends News['news']>(kind: Kind): Promise<Extract<News, { readonly news: Kind }>> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    const waiting = this.#waiting.get(kind) ?? Promise.withResolvers<News>();
    this.#waiting.set(kind, waiting);
    return waiting.promise as Promise<Extract<News, { readonly news: Kind }>>;
  }

  /** Ends the process. Twice is harmless. */
  end(): void {
    this.#ending = true;
    if (this.#child.connected) this.#child.disconnect();
    this.#child.kill('SIGTERM');
  }

  #heard(news: News): void {
    if (news.news === 'fault' && 'message' in news)
      return this.#failed(new LoadError('load_ended', `${this.name}: ${String(news.message)}`));
    this.#hear(news);
    this.#waiting.get(news.news)?.resolve(news);
    this.#waiting.delete(news.news);
  }

  #failed(fault: LoadError): void {
    this.#fault ??= fault;
    for (const { promise, reject } of this.#waiting.values()) {
      promise.catch(() => undefined);
      reject(fault);
    }
    this.#waiting.clear();
  }
}

/** Sources start sources, what was built starts what was built. */
function extension(): string {
  return import.meta.url.endsWith('.ts') ? '.ts' : '.js';
}
