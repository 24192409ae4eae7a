/** When a siege finds that the besieged are served worse than in quiet. */

import { describe, expect, it } from '@jest/globals';
import { compared } from '../src/siege/siege-result.ts';

describe('a comparison', () => {
  it('is a fault from more than twice on', () => {
    const faultAt = (besiegedMs: number) => compared({ what: 'p99', quietMs: 3, besiegedMs }).fault;
    expect(compared({ what: 'p99', quietMs: 3, besiegedMs: 15, graceMs: 10 }).fault).toBeUndefined();
    expect(compared({ what: 'p99', quietMs: 3, besiegedMs: 18, graceMs: 10 }).fault).toBeDefined();
    expect([faultAt(5.9), faultAt(6.1)]).toEqual([undefined, 'p99 is 2.03 times that of quiet, more than 2']);
  });
});
