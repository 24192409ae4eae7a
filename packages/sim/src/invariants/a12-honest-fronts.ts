/** A12: a master distrusts no front that is honest, whatever is lost on the way. */
import type { MakeInvariant } from './invariant.ts';

export const honestFronts: MakeInvariant = ({ world, cluster }) => ({
  id: 'A12',
  tick: () => {
    if (world.extremes.has('faultyFronts')) return undefined;
    for (const { name, port } of cluster.apps) {
      const distrusted = port?.traffic.closed.get('implausible') ?? 0;
      if (distrusted > 0) return `${name} has ended the links of ${distrusted} fronts that told the truth`;
    }
    return undefined;
  },
});
