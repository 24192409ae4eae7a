/**
 * Where a connection comes from, as far as limits are concerned: an IPv4 host, or the /64 network of an IPv6
 * host, because whoever has one address of such a network usually has all of them (RFC 6177). Many have a
 * whole /56 or /48 of such networks, so what counts sources may count these wider ones too.
 */

/** The last 32 bits of an address, written as IPv4 is. */
const DOTTED = /:(\d+)\.(\d+)\.(\d+)\.(\d+)$/;
/** What stands before an IPv4 address that is written as one of IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED = ['0', '0', '0', '0', '0', 'ffff'].join(':');
const GROUPS = 8;
/** Groups of 16 bits. */
const GROUPS_OF_64 = 4;
const GROUPS_OF_48 = 3;
const GROUPS_OF_MAPPED = 6;
const BYTE_BITS = 8;
const LOW_BYTE = 0xff;
const HEX = 16;

/**
 * The source of a `remoteAddress`, which is `host:port` or `[host]:port`. What is no address stands for
 * itself.
 */
export function sourceOf(remoteAddress: string): string {
  return networksOf(remoteAddress).at(-1) as string;
}

/**
 * The networks that an address is in, the widest first, its source last: `/48`, `/56` and `/64` for IPv6,
 * every group written out (`2001:db8:0:1::/64`); the host alone for IPv4 and for what is no address.
 */
export function networksOf(remoteAddress: string): readonly string[] {
  const host = remoteAddress.slice(0, remoteAddress.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  if (!host.includes(':')) return [host];
  const all = groupsOf(host.replace(DOTTED, inGroups));
  if (all.slice(0, GROUPS_OF_MAPPED).join(':') === MAPPED) return [dotted(all.slice(GROUPS_OF_MAPPED))];
  const groups = all.slice(0, GROUPS_OF_64);
  const of48 = groups.slice(0, GROUPS_OF_48).join(':');
  return [`${of48}::/48`, `${of48}:${highByteOf(groups[GROUPS_OF_48])}::/56`, `${groups.join(':')}::/64`];
}

/** All groups of an address, those that `::` stands for written out. */
function groupsOf(host: string): string[] {
  const [head = '', tail] = host.split('::');
  const before = writtenGroups(head);
  const after = writtenGroups(tail ?? '');
  const missing = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  return [...before, ...new Array<string>(missing).fill('0'), ...after];
}

function writtenGroups(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}

/** The last 32 bits as two groups. */
function inGroups(_: string, ...bytes: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(0, 4).map(Number);
  return `:${((a << BYTE_BITS) | b).toString(HEX)}:${((c << BYTE_BITS) | d).toString(HEX)}`;
}

/** Two groups as IPv4 is written. */
function dotted(groups: readonly string[]): string {
  return groups
    .map((group) => Number.parseInt(group, HEX))
    .flatMap((group) => [(group >> BYTE_BITS) & LOW_BYTE, group & LOW_BYTE])
    .join('.');
}

/** The group without its low byte. */
function highByteOf(group = '0'): string {
  return (Number.parseInt(group, HEX) & ~LOW_BYTE).toString(HEX);
}
