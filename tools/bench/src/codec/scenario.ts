/** P6: reading a chat request and writing a chat, beside codecs that check nothing. */

import type { Variant } from '../contender.ts';
import { OURS, peer } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

const variants: readonly Variant[] = [{ name: 'a chat', connections: 0, inFlight: 0, roomSize: 0 }];
const [{ name: variant }] = variants as readonly [Variant];

export const codec: Scenario = {
  id: 'P6',
  title: 'Codec',
  directory: 'codec',
  kind: 'alone',
  variants,
  quickVariants: variants,
  contenders: [
    peer('msgpackr', 'msgpackr'),
    OURS,
    { id: 'json', title: 'JSON' },
    { id: 'msgpack-lite', title: 'msgpack-lite' },
  ],
  columns: [
    { measure: 'decodePerSecond', title: 'requests read per second', unit: '', digits: 0, compared: true },
    { measure: 'encodePerSecond', title: 'chats written per second', unit: '', digits: 0, compared: true },
  ],
  goals: [
    {
      text: 'reads, checks and validates no slower than msgpackr reads',
      variant,
      measure: 'decodePerSecond',
      of: 'ours',
      against: 'msgpackr',
      atLeast: 1,
    },
    {
      text: 'writes no slower than msgpackr',
      variant,
      measure: 'encodePerSecond',
      of: 'ours',
      against: 'msgpackr',
      atLeast: 1,
    },
    {
      text: 'hostile bytes of 8 x the length are refused in at most 1.5 x 8 x the time',
      variant,
      measure: 'hostileGrowth',
      of: 'ours',
      atMost: 1.5,
    },
  ],
  times: { warmUpMs: 0, measureMs: 0 },
  notes: [
    'Lobby checks structure, types and ranges while it reads, and writes the header of the frame too; the others do neither.',
  ],
};
