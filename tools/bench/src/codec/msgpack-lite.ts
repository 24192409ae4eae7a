/** msgpack-lite alone, unchecked: the codec that ours falls back to. */

import msgpack from 'msgpack-lite';
import { TEXT } from '../payload.ts';
import { asked, codec, told } from './codec.ts';

const bytes = msgpack.encode(asked(TEXT));
const chat = told(TEXT);

export const contender = codec({
  decode: () => msgpack.decode(bytes) as unknown,
  encode: () => msgpack.encode(chat),
});
