/**
 * How a session speaks frames on a pipe. It owns the pipe, the reader, and what waits to be sent; it knows no
 * topic and no payload, those are its handler's, and of its table the few members of `SessionOwner`.
 *
 * Invariants: the handler hears `closed` exactly once, whoever ended it, and no frame after it. Frames of one
 * turn leave in one write. What waits to be sent is bounded, and so is what waits to be read: part of one
 * chunk here, and behind it what the paused pipe still takes in before the system holds back the other side.
 * A socket takes in its buffer (64 KiB) and one read (64 KiB).
 */
import type { Batch } from './batch.ts';
import { closeReason } from './close-reason.ts';
import type { CloseReason } from './close-reason.ts';
import { NetFrameError } from './errors.ts';
import type { Frame } from './frame.ts';
import { SIZE_BYTES } from './frame.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameSession, SessionHandler } from './frame-session.ts';
import type { ReadingTurns } from './reading-turns.ts';
import type { SessionCounters } from './session-counters.ts';
import type { SessionOptions } from './session-options.ts';
import type { Pipe, PipeHandlers } from './transport.ts';

/** What a session needs of its table. */
export interface SessionOwner {
  readonly options: SessionOptions;
  readonly counters: SessionCounters;
  /** The batch from which whatever a session sends in a turn is made. */
  readonly emptyBatch: Batch;
  readonly turns: ReadingTurns;
  /** The table's time, in milliseconds: as of its last sweep. */
  readonly time: number;
  /** The table's time after which `delayMs` have surely passed. */
  deadlineIn(delayMs: number): number;
  /** The session has something to write when this turn ends. */
  flushAtEndOfTurn(session: Session): void;
  /** The session has ended. */
  remove(session: Session, reason: CloseReason): void;
  /** A closed connection still has last bytes to deliver. */
  linger(pipe: Pipe): void;
  /** A connection is really over. */
  gone(pipe: Pipe): void;
}

interface Deadline {
  at: number;
  readonly reason: CloseReason;
}

export class Session implements FrameSession, PipeHandlers {
  readonly key: number;
  readonly remoteAddress: string;
  readonly #table: SessionOwner;
  readonly #pipe: Pipe;
  readonly #handler: SessionHandler;
  readonly #reader: FrameReader;
  #closed: CloseReason | undefined;
  /** What this turn has sent. */
  #outbox: Batch;
  /** What the pipe held after the last write: it holds no more until the next one. */
  #pipeBytes = 0;
  #receivedAt: number;
  #askedAt: number;
  #frameBegunAt: number | undefined;
  #framesRead = 0;
  /** Bytes wait in the reader, for this session's turn or until it is read again. */
  #waits = false;
  /** Too much waits for the other side to read, or is promised to it. */
  #full = false;
  #promisedBytes = 0;
  #pipePaused = false;
  #writtenBytes = 0;
  #progressBytes = 0;
  #progressAt: number;
  #deadline: Deadline | undefined;
  #maxSentFrameBytes: number;

  /** Made by `SessionTable.add` only. */
  constructor(
    table: SessionOwner,
    pipe: Pipe,
    make: { key: number; handler: (session: FrameSession) => SessionHandler },
  ) {
    this.key = make.key;
    this.remoteAddress = pipe.remoteAddress;
    this.#table = table;
    this.#pipe = pipe;
    this.#outbox = table.emptyBatch;
    this.#maxSentFrameBytes = table.options.maxSentFrameBytes;
    this.#receivedAt = table.deadlineIn(0);
    this.#askedAt = this.#progressAt = table.time;
    this.#reader = new FrameReader(table.options.maxFrameBytes, (frame) => this.#read(frame));
    this.#handler = make.handler(this);
  }

  get state(): 'open' | 'closed' {
    return this.#closed === undefined ? 'open' : 'closed';
  }

  get closedReason(): CloseReason | undefined {
    return this.#closed;
  }

  get unsentBytes(): number {
    return this.#outbox.byteLength + this.#pipe.unsentBytes;
  }

  waitsOver(bytes: number): boolean {
    return this.#outbox.byteLength + this.#pipeBytes > bytes && this.unsentBytes > bytes;
  }

  get promisedBytes(): number {
    return this.#promisedBytes;
  }

  set promisedBytes(bytes: number) {
    const grows = bytes > this.#promisedBytes;
    this.#promisedBytes = bytes;
    if (grows !== this.#full) this.#judgeFullness();
  }

  set maxFrameBytes(bytes: number) {
    this.#reader.maxFrameBytes = bytes;
  }

  set maxSentFrameBytes(bytes: number) {
    this.#maxSentFrameBytes = bytes;
  }

  heartbeatMs: number | undefined;

  /** Begins to deliver. Called once, by the table. */
  begin(): void {
    this.#pipe.open(this);
  }

  send(frame: Uint8Array): boolean {
    if (this.#closed !== undefined) return false;
    const { maxUnsentBytes, readUntilUnsentBytes } = this.#table.options;
    const size = frame.length - SIZE_BYTES;
    if (size > this.#maxSentFrameBytes)
      throw new NetFrameError(
        'frame_too_large',
        `a frame of ${size} bytes is over the ${this.#maxSentFrameBytes} that the other side accepts`,
      );
    if (this.#outbox === this.#table.emptyBatch) this.#table.flushAtEndOfTurn(this);
    this.#outbox = this.#outbox.with(frame);
    this.#table.counters.framesSent += 1;
    const waitingBytes = this.#outbox.byteLength + this.#pipeBytes;
    if (waitingBytes > readUntilUnsentBytes && !this.#full) this.#setFull(true);
    if (waitingBytes <= maxUnsentBytes || this.unsentBytes <= maxUnsentBytes) return true;
    this.close(closeReason('slow_reader', `over ${maxUnsentBytes} bytes waited to be read`));
    return false;
  }

  close(reason: CloseReason): void {
    if (this.#closed !== undefined) return;
    if (reason.by === 'local') {
      const farewell = this.#handler.farewell(reason);
      if (farewell !== undefined) this.#outbox = this.#outbox.with(farewell);
    }
    this.flush();
    this.#table.linger(this.#pipe);
    // Who has said farewell reads no more.
    if (reason.by === 'remote' && this.#pipe.unsentBytes === 0) this.#pipe.destroy();
    else this.#pipe.end();
    this.#end(reason);
  }

  drop(reason: CloseReason): void {
    this.close(reason);
    this.#pipe.destroy();
  }

  setDeadline(delayMs: number, reason: CloseReason): void {
    this.#deadline = { at: this.#table.deadlineIn(delayMs), reason };
  }

  clearDeadline(): void {
    this.#deadline = undefined;
  }

  /**
   * What is due by the table's time: to end for a reason, or to ask for a sign of life. Called by the table.
   */
  judge(now: number): CloseReason | 'ask' | undefined {
    if (this.#closed !== undefined) return undefined;
    const { frameTimeoutMs, stallTimeoutMs } = this.#table.options;
    const heartbeatMs = this.heartbeatMs ?? this.#table.options.heartbeatMs;
    // Bytes that wait for our own sake are no silence of the other side, and they may be what the deadline
    // waits for.
    const silentMs = this.#pipePaused ? 0 : now - this.#receivedAt;
    // Whoever asks for more than fits is let off no deadline by it.
    const waitsForTurn = this.#pipePaused && !this.#full;
    if (this.#deadline !== undefined && !waitsForTurn && now >= this.#deadline.at)
      return this.#deadline.reason;
    if (this.#frameBegunAt !== undefined && now - this.#frameBegunAt > frameTimeoutMs)
      return closeReason(
        'frame_timeout',
        `a frame was not complete ${frameTimeoutMs} ms after its first byte`,
      );
    if (silentMs > 3 * heartbeatMs)
      return closeReason('heartbeat_timeout', `nothing was received for ${3 * heartbeatMs} ms`);
    if (this.#stalled(now, stallTimeoutMs))
      return closeReason('slow_reader', `nothing could be written for ${stallTimeoutMs} ms`);
    return silentMs >= heartbeatMs && now - this.#askedAt >= heartbeatMs ? 'ask' : undefined;
  }

  /** Does what is due by the table's time, if anything still is. Called by the table. */
  sweep(now: number): void {
    const due = this.judge(now);
    if (due === undefined) return;
    if (due !== 'ask') {
      this.close(due);
      return;
    }
    this.#askedAt = now;
    this.#guard(() => this.#handler.quiet());
  }

  #stalled(now: number, stallTimeoutMs: number): boolean {
    const takenBytes = this.#writtenBytes - this.#pipe.unsentBytes;
    if (takenBytes !== this.#progressBytes || this.#pipe.unsentBytes === 0) {
      this.#progressBytes = takenBytes;
      this.#progressAt = now;
    }
    return now - this.#progressAt > stallTimeoutMs;
  }

  /** Bytes came. Called by the pipe. */
  data(chunk: Uint8Array): void {
    if (this.#closed !== undefined) return;
    this.#receivedAt = this.#table.deadlineIn(0);
    this.#table.counters.bytesReceived += chunk.length;
    this.#reading(() => this.#reader.push(chunk));
  }

  /** It is this session's turn again to read what waits. */
  readOn(): void {
    if (this.#full) return;
    this.#receivedAt = this.#table.deadlineIn(0);
    this.#reading(() => this.#reader.readOn());
  }

  #reading(read: () => void): void {
    const wasPartial = this.#reader.partial;
    const readBefore = this.#framesRead;
    this.#guard(read);
    // One that was ended while bytes waited is read no further: to throw away what it has sent costs time,
    // too.
    if (this.#closed !== undefined) return;
    if (!this.#reader.partial) this.#frameBegunAt = undefined;
    else if (!wasPartial || this.#framesRead !== readBefore) this.#frameBegunAt = this.#table.deadlineIn(0);
    this.#waits = this.#reader.waiting;
    this.#readingChanged();
  }

  /**
   * What waits is read in its turn; the pipe brings more when nothing waits and nothing stops the reading.
   */
  #readingChanged(): void {
    if (this.#closed !== undefined) return;
    if (this.#waits && !this.#full) this.#table.turns.wait(this);
    const isPaused = this.#waits || this.#full;
    if (isPaused === this.#pipePaused) return;
    this.#pipePaused = isPaused;
    if (isPaused) this.#pipe.pause();
    else this.#caughtUp();
  }

  /** All that waited has been read; what it asked for may take until the next sweep. */
  #caughtUp(): void {
    if (this.#deadline !== undefined)
      this.#deadline.at = Math.max(this.#deadline.at, this.#table.deadlineIn(0));
    this.#receivedAt = this.#table.deadlineIn(0);
    this.#pipe.resume();
  }

  /** The other side has read all. Called by the pipe. */
  drained(): void {
    this.#judgeFullness();
  }

  #judgeFullness(): void {
    const { readUntilUnsentBytes, readUntilPromisedBytes } = this.#table.options;
    const { unsentBytes } = this;
    const full =
      unsentBytes > readUntilUnsentBytes || unsentBytes + this.#promisedBytes > readUntilPromisedBytes;
    if (full !== this.#full) this.#setFull(full);
  }

  #setFull(full: boolean): void {
    this.#full = full;
    this.#readingChanged();
  }

  /** The connection is over. Called by the pipe. */
  closed(cause?: Error): void {
    this.#table.gone(this.#pipe);
    this.#end({
      code: 'connection_lost',
      message: cause?.message ?? 'the other side closed the connection',
      by: 'network',
    });
  }

  /** What breaks a rule, and what a handler throws, ends this session and touches no other. */
  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof NetFrameError && error.code === 'bad_frame')
        this.close(closeReason('bad_frame', error.message));
      else this.close({ ...closeReason('internal', 'the handler of a session failed'), cause: error });
    }
  }

  #read(frame: Frame): void {
    this.#framesRead += 1;
    this.#table.counters.framesReceived += 1;
    if (!this.#table.turns.mayReadOn()) this.#reader.pause();
    this.#handler.frame(frame);
    if (this.#full) this.#reader.pause();
  }

  /** Writes what waits, all of it in one write. Called by the table at the end of a turn. */
  flush(): void {
    const { emptyBatch } = this.#table;
    if (this.#outbox === emptyBatch) return;
    // What has to wait may be a view that keeps much more alive than is its own.
    const bytes = this.#pipeBytes > 0 ? new Uint8Array(this.#outbox.bytes) : this.#outbox.bytes;
    this.#outbox = emptyBatch;
    this.#writtenBytes += bytes.length;
    this.#table.counters.bytesSent += bytes.length;
    this.#pipe.write(bytes);
    this.#pipeBytes = this.#pipe.unsentBytes;
    if (this.#full || this.#pipeBytes > this.#table.options.readUntilUnsentBytes) this.#judgeFullness();
  }

  #end(reason: CloseReason): void {
    if (this.#closed !== undefined) return;
    this.#closed = reason;
    this.#outbox = this.#table.emptyBatch;
    this.#reader.stop();
    this.#table.remove(this, reason);
    this.#handler.closed(reason);
  }
}
