import { isIPv4, isIPv6 } from 'node:net';

/** The leading bits that all addresses of a network share, as text of `0` and `1`. */
interface Network {
  readonly addressLength: 32 | 128;
  readonly prefix: string;
}

/**
 * The narrowest network that contains both, in CIDR notation (RFC 4632): `192.0.2.0/24`. Each may be an address or a
 * network. `undefined` if there is no such network, because they are of different families or not addresses.
 */
export function commonNetwork(one: string, another: string): string | undefined {
  if (one === another) return one;
  const [a, b] = [networkOf(one), networkOf(another)];
  if (!a || a.addressLength !== b?.addressLength) return undefined;
  let length = Math.min(a.prefix.length, b.prefix.length);
  while (a.prefix.slice(0, length) !== b.prefix.slice(0, length)) length -= 1;
  return `${addressOf(a.prefix.slice(0, length).padEnd(a.addressLength, '0'))}/${length}`;
}

/** IPv4-mapped addresses (RFC 4291 §2.5.5.2) count as IPv4. */
function networkOf(text: string): Network | undefined {
  const [address = '', length] = text.replace(/^::ffff:(?=\d+\.)/i, '').split('/');
  const bits = bitsOf(address);
  return bits === undefined
    ? undefined
    : {
        addressLength: bits.length === 32 ? 32 : 128,
        prefix: bits.slice(0, length === undefined ? 128 : Number(length)),
      };
}

function bitsOf(address: string): string | undefined {
  if (isIPv4(address))
    return address
      .split('.')
      .map((byte) => binary(Number(byte), 8))
      .join('');
  if (!isIPv6(address) || address.includes('.')) return undefined;
  const [head = '', tail = ''] = address.replace(/%.*/, '').split('::');
  const [first, last] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return [...first, ...zeros, ...last].map((group) => binary(parseInt(group, 16), 16)).join('');
}

function addressOf(bits: string): string {
  if (bits.length === 32) return (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)).join('.');
  const groups = (bits.match(/.{16}/g) ?? []).map((group) => parseInt(group, 2).toString(16)).join(':');
  return groups === '0:0:0:0:0:0:0:0' ? '::' : groups.replace(/(:0)+$/, '::');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function binary(number: number, length: number): string {
  return number.toString(2).padStart(length, '0');
}
