/** The other end of a connection: says any bytes, and keeps the frames that come back. */
import type { Pipe } from '@lobby/net-frame';
import { net } from '@lobby/protocol';
import { readFrames } from '../reference/read-frames.ts';
import type { FrameRecord } from '../reference/read-frames.ts';
import { readPayload } from '../reference/read-payload.ts';

const MOST_RECEIVED_BYTES = 1 << 20;
const NOTHING = Buffer.alloc(0);

export class RawPipe {
  readonly frames: FrameRecord[] = [];
  closed = false;
  /** Something has come, or the connection is over. */
  onChange: () => void = () => undefined;
  readonly #pipe: Pipe;
  #rest: Buffer = NOTHING;

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
    pipe.open({
      data: (chunk) => this.#received(chunk),
      closed: () => {
        this.closed = true;
        this.onChange();
      },
    });
  }

  send(bytes: Uint8Array): void {
    this.#pipe.write(bytes);
  }

  destroy(): void {
    this.#pipe.destroy();
  }

  /** The code of the farewell, if one came. */
  get bye(): string | undefined {
    const frame = this.frames.find(({ topic, kind }) => topic === net.bye.number && kind === 0);
    return frame === undefined ? undefined : codeOf(frame);
  }

  #received(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const { frames } = readFrames(bytes, MOST_RECEIVED_BYTES);
    let used = 0;
    for (const frame of frames) {
      this.frames.push({ ...frame, payload: Buffer.from(frame.payload) });
      used += 12 + frame.payload.length;
    }
    this.#rest = bytes.subarray(used);
    this.onChange();
  }
}

/** The code that a failure or a farewell tells. */
export function codeOf({ payload }: FrameRecord): string {
  const reading = readPayload(payload);
  return 'value' in reading ? String(reading.value['code']) : `unreadable: ${reading.bad}`;
}
