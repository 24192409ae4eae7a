/** The load balancers that speak for clients: addresses and networks, as settings name them. */
import { BlockList, isIP } from 'node:net';
import { badOption } from './errors.ts';
import type { NetFrameError } from './errors.ts';

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const;
const MOST_BITS = { 4: 32, 6: 128 } as const;

export class Proxies {
  readonly #networks = new BlockList();
  readonly #some: boolean;

  /**
   * Each is an address, or a network in CIDR form such as `10.0.0.0/8`. Throws a `NetFrameError` of code
   * `bad_option`.
   */
  constructor(networks: readonly string[] = []) {
    this.#some = networks.length > 0;
    for (const network of networks) this.#add(network);
  }

  /** Whether a PROXY header must come first from here. */
  speaksFor(host: string | undefined): boolean {
    if (!this.#some || host === undefined) return false;
    const version = isIP(host);
    return (version === 4 || version === 6) && this.#networks.check(host, FAMILY[version]);
  }

  #add(network: string): void {
    const [host = '', bits, ...rest] = network.split('/');
    const version = isIP(host);
    if ((version !== 4 && version !== 6) || rest.length > 0) throw bad(network);
    const length = bits === undefined ? MOST_BITS[version] : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
    if (length < 0 || length > MOST_BITS[version]) throw bad(network);
    this.#networks.addSubnet(host, length, FAMILY[version]);
  }
}

function bad(network: string): NetFrameError {
  return badOption(
    `"${network}" is no address and no network: write it as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32`,
  );
}
