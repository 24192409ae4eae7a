// The limit of a call: raw sockets, a correlation id in a header of 12 bytes, msgpackr on both sides, and nothing else. All
// that is written in one turn leaves in one write, on both sides.

import { Packr } from 'msgpackr';
import type { CallContender } from '../../src/contender.ts';
import { HEAD_BYTES, deframed, framed, markOf } from '../../src/framing.ts';
import { CHAT } from '../../src/payload.ts';
import { gathered, tcpConnect, tcpServer } from '../../src/sockets.ts';

const packr = new Packr({ useRecords: false });
const unpacked = (frame: Buffer): unknown => packr.unpack(frame.subarray(HEAD_BYTES));

export const contender: CallContender = {
  async serve() {
    const port = await tcpServer((socket) => {
      const write = gathered(socket);
      socket.on(
        'data',
        deframed((frame) => write(framed(packr.pack(unpacked(frame)), markOf(frame)))),
      );
    });
    return { served: { port } };
  },

  async connect({ port }) {
    const socket = await tcpConnect(port);
    const write = gathered(socket);
    const waiting = new Map<number, (answer: unknown) => void>();
    let last = 0;
    const settle = (frame: Buffer): void => {
      const mark = markOf(frame);
      waiting.get(mark)?.(unpacked(frame));
      waiting.delete(mark);
    };
    socket.on('data', deframed(settle));
    return {
      call: () =>
        new Promise((resolve) => {
          last = (last + 1) >>> 0;
          waiting.set(last, resolve);
          write(framed(packr.pack(CHAT), last));
        }),
    };
  },
};
