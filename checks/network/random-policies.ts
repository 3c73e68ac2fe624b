// Policies drawn at random, valid ones, of the words and numbers that the pods of a small world have.
import type { Random } from '../../lib/index.ts';

const pick = <T>(random: Random, items: readonly T[]): T => random.pick(items);
const some = (random: Random, count: number) => Array.from({ length: random.int(count + 1) });
const chance = (random: Random, percent: number) => random.int(100) < percent;

export const labelValues: Record<string, readonly string[]> = { app: ['web', 'db', 'cache'], tier: ['front', 'back'], canary: ['yes'] };
export const spaceValues: Record<string, readonly string[]> = { team: ['red', 'blue'], stage: ['dev', 'prod'] };

export function randomLabels(random: Random, values: Record<string, readonly string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).flatMap(([key, all]) => (chance(random, 60) ? [[key, pick(random, all)]] : [])));
}

function selector(random: Random, values: Record<string, readonly string[]>): object {
  const [keys] = [Object.keys(values)];
  const key = () => pick(random, keys);
  switch (random.int(5)) {
    case 0:
      return {};
    case 1: {
      const one = key();
      return { matchExpressions: [{ key: one, operator: pick(random, ['In', 'NotIn']), values: [...new Set([pick(random, values[one]!), pick(random, values[one]!)])] }] };
    }
    case 2:
      return { matchExpressions: [{ key: key(), operator: pick(random, ['Exists', 'DoesNotExist']) }] };
    default: {
      const one = key();
      return { matchLabels: { [one]: pick(random, values[one]!) } };
    }
  }
}

function block(random: Random, ips: readonly string[]): object {
  const ip = pick(random, ips);
  if (ip.includes(':')) return block6(random, ip);
  const parts = ip.split('.').map(Number);
  const length = pick(random, [0, 8, 16, 24, 26, 29, 31, 32]);
  const except = length < 32 && chance(random, 50) ? [cidr(parts, Math.min(32, length + 1 + random.int(8)))] : undefined;
  return { ipBlock: { cidr: cidr(parts, length), ...(except && { except }) } };
}

/** `ip` has one `::`. */
function block6(random: Random, ip: string): object {
  const [front = [], back = []] = ip.split('::').map((half) => half.split(':').filter(Boolean));
  const groups = [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back].map((group) => Number.parseInt(group, 16));
  const length = pick(random, [0, 16, 48, 56, 64, 112, 125, 127, 128]);
  const except = length < 128 && chance(random, 50) ? [cidr6(groups, Math.min(128, length + 1 + random.int(80)))] : undefined;
  return { ipBlock: { cidr: cidr6(groups, length), ...(except && { except }) } };
}

function cidr6(groups: readonly number[], length: number): string {
  const bits = groups.map((group) => group.toString(2).padStart(16, '0')).join('').slice(0, length).padEnd(128, '0');
  // Without zeros that could be left out: `fd00:10::/32`.
  const written = [0, 1, 2, 3, 4, 5, 6, 7].map((at) => Number.parseInt(bits.slice(16 * at, 16 * at + 16), 2).toString(16)).join(':').replace(/(^|:)0(:0)+$/, '::');
  return `${written}/${length}`;
}

function cidr(parts: readonly number[], length: number): string {
  const bits = parts.map((part) => part.toString(2).padStart(8, '0')).join('').slice(0, length).padEnd(32, '0');
  return `${[0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join('.')}/${length}`;
}

function peer(random: Random, ips: readonly string[]): object {
  if (chance(random, 25)) return block(random, ips);
  const both = chance(random, 30);
  const spaces = both || chance(random, 40);
  return { ...(spaces && { namespaceSelector: selector(random, spaceValues) }), ...((both || !spaces) && { podSelector: selector(random, labelValues) }) };
}

function port(random: Random): object {
  const protocol = chance(random, 40) ? { protocol: pick(random, ['TCP', 'TCP', 'UDP']) } : {};
  switch (random.int(4)) {
    case 0:
      return { ...protocol, port: pick(random, ['http', 'metrics', 'dns']) };
    case 1: {
      const first = pick(random, [53, 79, 80, 8000]);
      return { ...protocol, port: first, endPort: first + random.int(500) };
    }
    case 2:
      return protocol;
    default:
      return { ...protocol, port: pick(random, [53, 80, 8080]) };
  }
}

function rule(random: Random, peers: 'from' | 'to', ips: readonly string[]): object {
  const [ports, ends] = [some(random, 2).map(() => port(random)), some(random, 2).map(() => peer(random, ips))];
  return { ...(ports.length > 0 && { ports }), ...(ends.length > 0 && { [peers]: ends }) };
}

export function randomPolicy(random: Random, name: string, { namespaces, ips }: { namespaces: readonly string[]; ips: readonly string[] }): any {
  const [ingress, egress] = [some(random, 2).map(() => rule(random, 'from', ips)), some(random, 2).map(() => rule(random, 'to', ips))];
  const policyTypes = pick(random, [undefined, ['Ingress'], ['Egress'], ['Ingress', 'Egress']]);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: pick(random, namespaces) },
    spec: { podSelector: selector(random, labelValues), ...(ingress.length > 0 && { ingress }), ...(egress.length > 0 && { egress }), ...(policyTypes && { policyTypes }) },
  };
}
