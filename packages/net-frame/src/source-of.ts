/**
 * Where a connection comes from, as far as limits are concerned: an IPv4 host, or the /64 network of an IPv6
 * host, because whoever has one address of such a network usually has all of them (RFC 6177).
 */

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * The source of a `remoteAddress`, which is `host:port` or `[host]:port`. What is no address stands for
 * itself.
 */
export function sourceOf(remoteAddress: string): string {
  const host = remoteAddress.slice(0, remoteAddress.lastIndexOf(':')).replace(/^\[|\]$/g, '');
  const mapped = MAPPED_IPV4.exec(host)?.[1];
  if (mapped !== undefined) return mapped;
  return host.includes(':') ? networkOf(host) : host;
}

/** `2001:db8:0:1::/64`, with every group written out. */
function networkOf(host: string): string {
  const [head = '', tail] = host.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const missing = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  const groups = [...before, ...new Array<string>(missing).fill('0'), ...after];
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, '').toLowerCase());
}
