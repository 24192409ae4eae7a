/** A front, as its back knows it. Entries are made by the registry alone, one for each session. */
import type { Session, SessionPulse } from '@lobby/pulse';
import type { ServiceUp } from './service-up.ts';

/** A front that is up. */
export interface Front {
  readonly session: Session;
  /** Lives as long as the session. */
  readonly pulse: SessionPulse;
  /** As it last announced itself. */
  readonly up: ServiceUp;
}
