/**
 * P5: the way of a frame to its handler costs the same however many others listen, and so does to stop
 * listening.
 */

import type { Variant } from '../contender.ts';
import type { Scenario } from '../scenario.ts';

const variants: readonly Variant[] = [{ name: '100 sessions', connections: 100, inFlight: 0, roomSize: 0 }];
const [{ name: variant }] = variants as readonly [Variant];

export const dispatch: Scenario = {
  id: 'P5',
  title: 'Dispatch among child pulses',
  directory: 'dispatch',
  kind: 'alone',
  variants,
  quickVariants: variants,
  contenders: [
    { id: 'thousand', title: 'Lobby, 1,000 subscriptions', ours: true },
    { id: 'million', title: 'Lobby, 1,000,000 subscriptions', ours: true },
  ],
  columns: [
    {
      measure: 'dispatchNs',
      title: 'a frame, from its bytes to its handler',
      unit: 'ns',
      digits: 0,
      compared: true,
    },
    {
      measure: 'stopNs',
      title: 'stopping a child of 10 subscriptions',
      unit: 'ns',
      digits: 0,
      compared: true,
    },
  ],
  goals: [
    {
      text: 'dispatch at most 1.2 x that with 1,000',
      variant,
      measure: 'dispatchNs',
      of: 'million',
      against: 'thousand',
      atMost: 1.2,
    },
    {
      text: 'stopping a child costs the same',
      variant,
      measure: 'stopNs',
      of: 'million',
      against: 'thousand',
      atMost: 1.2,
    },
  ],
  times: { warmUpMs: 0, measureMs: 0 },
  notes: [
    'One process, no network: sessions are fed with bytes. The same few of all listeners are spoken to at both sizes.',
  ],
};
