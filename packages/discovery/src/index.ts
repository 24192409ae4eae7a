export { Announcement } from './announcement.ts';
export { BackLink } from './back-link.ts';
export { Drain } from './drain.ts';
export { FrontRegistry, isSameServer } from './front-registry.ts';
export { RECOVERY_WINDOW_MS, Recovery } from './recovery.ts';

export type { AnnouncementOptions, ServiceUp } from './announcement.ts';
export type { BackLinkOptions, BuildPulse, LinkState, LinkStatus } from './back-link.ts';
export type { Busy } from './drain.ts';
export type { Front, FrontRegistryOptions } from './front-registry.ts';
export type { RecoveryOptions, RecoveryStatus } from './recovery.ts';
