// Sets and maps of nftables: addresses, and what is to be done for a destination. One look-up, however many there are.
import { addressNumber } from '../kube-proxy/addresses.ts';
import { Words } from './parse-condition.ts';
import { parseVerdict, verdictText } from './parse-rule.ts';
import { NftError, type NftVerdict } from './rule.ts';

export interface NftSetOptions {
  name: string;
  kind: 'set' | 'map';
  /** `ipv4_addr . inet_proto . inet_service : verdict`. */
  type: string;
  comment?: string;
  flags?: string;
  /** Seconds after which an element is forgotten. */
  timeout?: number;
}

interface Element {
  verdict?: NftVerdict;
  comment?: string;
  /** Milliseconds. */
  until?: number;
}

export class NftSet {
  readonly options: NftSetOptions;
  readonly #elements = new Map<string, Element>();

  constructor(options: NftSetOptions) {
    this.options = options;
  }

  has(key: string, now: number): boolean {
    const found = this.#elements.get(key);
    return found !== undefined && (found.until === undefined || found.until > now);
  }

  verdict(key: string): NftVerdict | undefined {
    return this.#elements.get(key)?.verdict;
  }

  update(key: string, now: number): void {
    this.#elements.delete(key);
    this.#elements.set(key, { until: now + (this.options.timeout ?? 0) * 1000 });
  }

  /** `10.96.0.1 . tcp . 443 comment "x" : goto y`. */
  add(text: string): void {
    const [, key = '', comment, verdict] = /^(.*?)(?: comment "([^"]*)")?(?: : (.*))?$/.exec(text)!;
    this.#elements.set(key, { ...(comment !== undefined && { comment }), ...(verdict && { verdict: parseVerdict(new Words(verdict)) }) });
  }

  remove(key: string): void {
    if (!this.#elements.delete(key)) throw new NftError('Error: Could not process rule: No such file or directory');
  }

  flush(): void {
    this.#elements.clear();
  }

  /** The lines of `nft list` between the braces. */
  lines(now: number): string[] {
    const { type, comment, flags, timeout } = this.options;
    const found = [...this.#elements].filter(([, { until }]) => until === undefined || until > now).sort(([a], [b]) => byKey(a, b));
    const elements = found.map(([key, element]) => elementText(key, element, now));
    const perLine = type === 'ipv4_addr' ? 2 : 1;
    const lines = Array.from({ length: Math.ceil(elements.length / perLine) }, (_, i) => elements.slice(i * perLine, (i + 1) * perLine).join(', '));
    return [
      `type ${type}`,
      ...(flags?.includes('dynamic') ? ['size 65535'] : []),
      ...(flags ? [`flags ${flags}`] : []),
      ...(timeout === undefined ? [] : [`timeout ${timeText(timeout * 1000)}`]),
      ...(comment ? [`comment "${comment}"`] : []),
      ...(lines.length > 0 ? [`elements = { ${lines.join(',\n\t\t\t     ')} }`] : []),
    ];
  }
}

function elementText(key: string, { verdict, comment, until }: Element, now: number): string {
  return key + (until === undefined ? '' : ` expires ${timeText(until - now)}`) + (comment === undefined ? '' : ` comment "${comment}"`) + (verdict ? ` : ${verdictText(verdict)}` : '');
}

/** `2h59m58s`. */
function timeText(milliseconds: number): string {
  const parts = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'm'], [1000, 's'], [1, 'ms']] as const;
  let left = milliseconds;
  let out = '';
  for (const [size, unit] of parts) {
    if (left >= size) out += `${Math.floor(left / size)}${unit}`;
    left %= size;
  }
  return out || '0s';
}

const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** nft compares keys as one number each; of joined ones the last byte counts most. */
function byKey(a: string, b: string): number {
  const [x, y] = [a, b].map((key) => (key.includes(' . ') ? bytesOf(key).reverse() : [addressNumber(key) ?? 0n]));
  for (let i = 0; i < Math.max(x!.length, y!.length); i++) {
    const [p, q] = [x![i] ?? 0n, y![i] ?? 0n];
    if (p !== q) return p < q ? -1 : 1;
  }
  return 0;
}

function bytesOf(key: string): bigint[] {
  return key.split(' . ').flatMap((part, i, all) => {
    if (part in protocols) return [BigInt(protocols[part]!)];
    if (i === all.length - 1) return [BigInt(Number(part) >> 8), BigInt(Number(part) & 255)];
    const number = addressNumber(part) ?? 0n;
    const width = part.includes(':') ? 16 : 4;
    return Array.from({ length: width }, (_, byte) => (number >> BigInt(8 * (width - 1 - byte))) & 255n);
  });
}
