/**
 * The limit of an echo: frames are found by their headers, nothing is decoded, and all that came in one chunk
 * goes back in one write. Nobody who reads what it carries can be faster on this machine with Node's sockets.
 */

import type { EchoContender } from '../contender.ts';
import { HEAD_BYTES, deframed, framed } from '../framing.ts';
import { gathered, tcpConnect, tcpServer } from '../sockets.ts';

/** As long as the payload of the others is as MessagePack. */
const PAYLOAD = Buffer.alloc(86, 'x');

function echo(write: (bytes: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (at + HEAD_BYTES <= bytes.length) {
      const end = at + 4 + bytes.readUInt32BE(at);
      if (end > bytes.length) break;
      at = end;
    }
    if (at > 0) write(bytes.subarray(0, at));
    rest = at === bytes.length ? undefined : bytes.subarray(at);
  };
}

export const contender: EchoContender = {
  async serve() {
    const port = await tcpServer((socket) => {
      socket.on(
        'data',
        echo((bytes) => socket.write(bytes)),
      );
    });
    return { served: { port } };
  },

  async connect({ port }, heard) {
    const socket = await tcpConnect(port);
    const write = gathered(socket);
    const frame = framed(PAYLOAD);
    socket.on('data', deframed(heard));
    return { send: () => write(frame) };
  },
};
