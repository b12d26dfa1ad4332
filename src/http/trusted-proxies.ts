import { BlockList, isIPv6 } from 'node:net';

/** Whether a request came from a trusted proxy, by the address at the other end of its connection. */
export type IsTrusted = (connection: { readonly remoteAddress?: string | undefined }) => boolean;

/** `proxies` are addresses or CIDR ranges, as Fastify's `trustProxy` takes them. */
export function trustedProxies(proxies: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  // IPv4-mapped addresses match rules for IPv4 too.
  return ({ remoteAddress }) => remoteAddress !== undefined && list.check(remoteAddress, familyOf(remoteAddress));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
