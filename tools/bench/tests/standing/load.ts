/** A load of lanes, as that of P8. */

export { load } from '../../src/journey/load.ts';
