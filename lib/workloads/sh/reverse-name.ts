/** The name that name servers know an address by: `4.3.2.1.in-addr.arpa`, the nibbles of an IPv6 address below `ip6.arpa`. */
export function reverseName(ip: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(ip)) return `${ip.split('.').reverse().join('.')}.in-addr.arpa`;
  if (!/^[\da-f]*:[\da-f:]*$/i.test(ip)) return undefined;
  const [front = [], back = []] = ip.toLowerCase().split('::').map((half) => half.split(':').filter(Boolean));
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${[...groups.map((group) => group.padStart(4, '0')).join('')].reverse().join('.')}.ip6.arpa`;
}
