import { formatAddress, type Node, parseAddress } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped } from '../client/index.ts';

export interface NodeIpamOptions {
  /** Two ranges, of different families, have a comma between. */
  clusterCIDR?: string;
  nodeMaskSize?: number;
  nodeMaskSizeIPv6?: number;
}

/** Gives each node its own part of the cluster's range of pod addresses (pkg/controller/nodeipam). */
export function nodeIpamController(client: Client, { clusterCIDR = '10.244.0.0/16', nodeMaskSize = 24, nodeMaskSizeIPv6 = 64 }: NodeIpamOptions = {}): Controller {
  const ranges = clusterCIDR.split(',').map((cidr) => createRange(cidr, cidr.includes(':') ? nodeMaskSizeIPv6 : nodeMaskSize));
  for (const node of client.cache('Node')) occupy(node);

  return {
    name: 'nodeipam',
    watches: [forMapped('Node', track)],
    reconcile(request) {
      const node = client.find('Node', request);
      if (!node || node.spec.podCIDR) return;
      const podCIDRs = next();
      if (podCIDRs === undefined) {
        client.event(node, 'Normal', 'CIDRNotAvailable', `Node ${request.name} status is now: CIDRNotAvailable`);
        // The next news of this node is the next try.
        return;
      }
      try {
        client.patch('Node', request, { spec: { podCIDR: podCIDRs[0], podCIDRs } });
      } catch (error) {
        release(podCIDRs);
        throw error;
      }
    },
  };

  function track({ type, object: node }: CacheEvent<Node>) {
    const given = partsOf(node);
    if (type === 'DELETED') release(given);
    else occupy(node);
    return given.length > 0 ? [] : [{ name: node.metadata.name }];
  }

  function occupy(node: Node): void {
    for (const part of partsOf(node)) of(part)?.occupy(part);
  }

  function release(parts: readonly string[]): void {
    for (const part of parts) of(part)?.release(part);
  }

  /** One part of each range; undefined, and nothing is taken, when a range has none left. */
  function next(): string[] | undefined {
    const parts: string[] = [];
    for (const range of ranges) {
      const part = range.next();
      if (part === undefined) return void release(parts);
      parts.push(part);
    }
    return parts;
  }

  function of(part: string) {
    return ranges.find(({ v6 }) => v6 === part.includes(':'));
  }
}

const partsOf = ({ spec: { podCIDR, podCIDRs } }: Node): readonly string[] => podCIDRs ?? (podCIDR ? [podCIDR] : []);

/** The parts of a range, handed out in turn: a part that was given back is not the next one to go out. */
function createRange(cidr: string, maskSize: number) {
  const [base, size] = cidr.split('/') as [string, string];
  const count = 2 ** (maskSize - Number(size));
  const v6 = base.includes(':');
  const width = v6 ? 128 : 32;
  const step = 2 ** (width - maskSize);
  const start = v6 ? 0 : toNumber(base);
  const start6 = v6 ? parseAddress(base)!.value : 0n;
  const used = new Set<number>();
  let cursor = 0;
  const indexOf = (part: string) => {
    const [address = ''] = part.split('/');
    return v6 ? Number(parseAddress(address)!.value - start6) / step : (toNumber(address) - start) / step;
  };
  const addressOf = (index: number) => (v6 ? formatAddress({ value: start6 + BigInt(index * step), family: 6 }) : toAddress(start + index * step));

  return {
    v6,
    occupy: (part: string) => void used.add(indexOf(part)),
    release: (part: string) => void used.delete(indexOf(part)),
    next(): string | undefined {
      for (let i = 0; i < count; i++) {
        const candidate = (cursor + i) % count;
        if (used.has(candidate)) continue;
        used.add(candidate);
        cursor = (candidate + 1) % count;
        return `${addressOf(candidate)}/${maskSize}`;
      }
      return undefined;
    },
  };
}

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
