/**
 * Lobby: a chat request is read, checked and validated; a chat is written as a whole frame. Both as they are
 * on the wire.
 */

import { HEADER_BYTES } from '@lobby/net-frame';
import { decodePayload, encodeCall, encodeMessage, room } from '@lobby/protocol';
import type { AloneContender } from '../contender.ts';
import { TEXT } from '../payload.ts';
import { asked, codec, told } from './codec.ts';
import { hostileGrowth } from './hostile.ts';

const bytes = encodeCall(room.reqChat, 1, asked(TEXT)).subarray(HEADER_BYTES);
const chat = told(TEXT);
const speed = codec({
  decode: () => decodePayload(room.reqChat, bytes),
  encode: () => encodeMessage(room.synChat, chat),
});

export const contender: AloneContender = {
  measure: async (variant) => ({ ...(await speed.measure(variant)), hostileGrowth: hostileGrowth() }),
};
