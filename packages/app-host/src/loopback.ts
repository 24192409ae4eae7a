/**
 * What a host name says about who can reach it: only this machine, or anybody.
 *
 * It looks at the text alone and resolves nothing: a name that is not plainly loopback counts as reachable,
 * so a doubt always falls on the careful side.
 */
const LOOPBACK_IPV4 = /^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** True where `host` is `localhost`, an address of 127.0.0.0/8 or `::1`, with or without brackets. */
export function isLoopback(host: string): boolean {
  const bare = withoutBrackets(host).toLowerCase();
  return bare === 'localhost' || bare === '::1' || LOOPBACK_IPV4.test(bare.replace(/^::ffff:/, ''));
}

/** True where `host` means every address of the machine: it can be bound, but nobody can connect to it. */
export function isWildcard(host: string): boolean {
  return /^(0\.0\.0\.0|[0:]+)$/.test(withoutBrackets(host));
}

/** `host:port` as it is written in addresses and URLs: an IPv6 address gets its brackets. */
export function hostAndPort(host: string, port: number): string {
  const bare = withoutBrackets(host);
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`;
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
