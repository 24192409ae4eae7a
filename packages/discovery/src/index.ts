/** What services need to find each other, to tell each other what they hold, and to come and go in order. */
export { Announcement } from './announcement.ts';
export { BackLink } from './back-link.ts';
export { Clearance } from './clearance.ts';
export { distrust } from './distrust.ts';
export { Drain } from './drain.ts';
export { EndedLogins, keepsSeat } from './ended-logins.ts';
export { frontParts } from './front-parts.ts';
export { FrontRegistry } from './front-registry.ts';
export { Holdings } from './holdings.ts';
export { Inventory, inPages, takeInventory } from './inventory.ts';
export { serverPart } from './part.ts';
export { Recovery } from './recovery.ts';
export { isSameServer } from './service-up.ts';

export type { AnnouncementOptions } from './announcement.ts';
export type { BackLinkOptions, BuildPulse, LinkState, LinkStatus } from './back-link.ts';
export type { Busy } from './drain.ts';
export type { EndedLogin } from './ended-logins.ts';
export type { Front } from './front.ts';
export type { FrontPartsOptions, FrontService } from './front-parts.ts';
export type { FrontRegistryOptions } from './front-registry.ts';
export type { HoldingsView } from './holdings.ts';
export type { InventoryOptions, InventoryTaking } from './inventory.ts';
export type { Part } from './part.ts';
export type { RecoveryOptions, RecoveryStatus } from './recovery.ts';
export type { ServiceUp } from './service-up.ts';
