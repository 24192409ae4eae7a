/**
 * Words that only tests say: one message each way, so that ports which take only calls can be tried with
 * messages too. The payload is {name, epoch}; `epoch` serves as a sequence number.
 */
import { auth } from '@lobby/protocol';

export const said: typeof auth.synLogoutF2b = {
  ...auth.synLogoutF2b,
  number: 901,
  name: 'test.syn_said',
  flow: 'client_to_front',
};

export const told: typeof auth.synLogoutF2b = {
  ...auth.synLogoutF2b,
  number: 903,
  name: 'test.syn_told',
  flow: 'front_to_client',
};

/** A message between services, front to back. */
export const reported = auth.synLogoutF2b;
