/** What @lobby/net-frame/options offers: the one way in which the options of every package are checked. */
export {
  addressCheck,
  callback,
  delay,
  hostName,
  listenPort,
  milliseconds,
  objectWith,
  oneOf,
  optional,
  or,
  portNumber,
  positiveNumber,
  textOf,
  valueThat,
  wholeNumber,
} from './checks.ts';
export { checked, optionsOf } from './option-table.ts';
export { platformCheck } from './platform-check.ts';
export { sessionOptionsCheck } from '../session-options.ts';
export { tlsTrustCheck } from '../tls-options.ts';
export { isPlainObject, shownValue } from './shown-value.ts';

export type { Check } from './checks.ts';
