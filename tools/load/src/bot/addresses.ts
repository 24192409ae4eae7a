/**
 * Where bots connect from. One address has some 28,000 near ends for connections to one port, and servers
 * bound what strangers of one address may hold; the loopback has 16 million addresses.
 */

const PER_NETWORK = 250;
const NETWORKS = 250;

/**
 * `count` addresses of the loopback, from number `from` on: 127.1.0.1, 127.1.0.2 ... Two processes that take
 * different numbers share none.
 */
export function loopbackAddresses(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const host = number % PER_NETWORK;
    const network = Math.floor(number / PER_NETWORK);
    return `127.${1 + Math.floor(network / NETWORKS)}.${network % NETWORKS}.${host + 1}`;
  });
}

const LOOPBACK = /^(127\.|localhost$)/;

/** Only on the way to a loopback address can a connection come from one. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}
