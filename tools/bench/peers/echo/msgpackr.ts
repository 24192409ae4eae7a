// What one writes oneself with two good parts: raw sockets, a length in front, msgpackr. All answers to one chunk leave in one write.
// Plain maps, no shared records: the payload is to be readable by any MessagePack, as the others' is.

import { Packr } from 'msgpackr';
import type { EchoContender } from '../../src/contender.ts';
import { HEAD_BYTES, deframed, framed } from '../../src/framing.ts';
import { CHAT } from '../../src/payload.ts';
import { gathered, tcpConnect, tcpServer } from '../../src/sockets.ts';

const packr = new Packr({ useRecords: false });

export const contender: EchoContender = {
  async serve() {
    const port = await tcpServer((socket) => {
      let answers: Buffer[] = [];
      const each = deframed((frame) =>
        answers.push(framed(packr.pack(packr.unpack(frame.subarray(HEAD_BYTES))))),
      );
      socket.on('data', (chunk: Buffer) => {
        each(chunk);
        if (answers.length > 0) socket.write(Buffer.concat(answers));
        answers = [];
      });
    });
    return { served: { port } };
  },

  async connect({ port }, heard) {
    const socket = await tcpConnect(port);
    const write = gathered(socket);
    const each = deframed((frame) => {
      packr.unpack(frame.subarray(HEAD_BYTES));
      heard();
    });
    socket.on('data', each);
    return { send: () => write(framed(packr.pack(CHAT))) };
  },
};
