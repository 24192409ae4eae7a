// msgpackr alone, unchecked. Plain maps: records, which it can share between two ends that both are msgpackr, are another format.

import { Packr } from 'msgpackr';
import { asked, codec, told } from '../../src/codec/codec.ts';
import { TEXT } from '../../src/payload.ts';

const packr = new Packr({ useRecords: false });
const bytes = packr.pack(asked(TEXT));
const chat = told(TEXT);

export const contender = codec({
  decode: () => packr.unpack(bytes) as unknown,
  encode: () => packr.pack(chat),
});
