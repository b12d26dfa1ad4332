import { BlockList, isIP, isIPv6 } from 'node:net';

/** Whether an address, of a connection or of a hop in `X-Forwarded-For`, is that of a trusted proxy. */
export type IsTrusted = (address: string | undefined) => boolean;

/** `proxies` are addresses or CIDR ranges. Both headers of a proxy are trusted by this one rule. */
export function trustedProxies(proxies: readonly string[]): IsTrusted {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    if (prefix === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(prefix), familyOf(address));
  }
  // IPv4-mapped addresses match rules for IPv4 too.
  return (address = '') => isIP(address) > 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
