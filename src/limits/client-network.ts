import ipaddr from 'ipaddr.js';

/** What one client can choose its address from: the address itself of IPv4, the /64 of IPv6 (RFC 4291 §2.5.4). */
export function clientNetwork(ipAddress: string): string {
  return networkOf(ipAddress, 64);
}

/** What one customer of a provider has: the address of IPv4, a /48 of IPv6 at most (RFC 6177 §2). */
export function clientSite(ipAddress: string): string {
  return networkOf(ipAddress, 48);
}

function networkOf(ipAddress: string, bits: number): string {
  if (!ipaddr.isValid(ipAddress)) return ipAddress;
  const address = ipaddr.process(ipAddress); // IPv4-mapped IPv6 addresses become IPv4
  if (address.kind() === 'ipv4') return address.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toNormalizedString()}/${bits}`).toString()}/${bits}`;
}
