/** JSON as Node has it, from and to bytes, unchecked. */

import { TEXT } from '../payload.ts';
import { asked, codec, told } from './codec.ts';

const bytes = Buffer.from(JSON.stringify(asked(TEXT)));
const chat = told(TEXT);

export const contender = codec({
  decode: () => JSON.parse(bytes.toString()) as unknown,
  encode: () => Buffer.from(JSON.stringify(chat)),
});
