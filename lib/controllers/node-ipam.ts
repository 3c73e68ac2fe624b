import type { Node } from '../api/index.ts';
import type { CacheEvent, Client, Controller } from '../client/index.ts';
import { forMapped } from '../client/index.ts';

export interface NodeIpamOptions {
  clusterCIDR?: string;
  nodeMaskSize?: number;
}

/** Gives each node its own part of the cluster's range of pod addresses (pkg/controller/nodeipam). */
export function nodeIpamController(client: Client, { clusterCIDR = '10.244.0.0/16', nodeMaskSize = 24 }: NodeIpamOptions = {}): Controller {
  const range = createRange(clusterCIDR, nodeMaskSize);
  for (const node of client.cache('Node')) if (node.spec.podCIDR) range.occupy(node.spec.podCIDR);

  return {
    name: 'nodeipam',
    watches: [forMapped('Node', track)],
    reconcile(request) {
      const node = client.find('Node', request);
      if (!node || node.spec.podCIDR) return;
      const podCIDR = range.next();
      if (podCIDR === undefined) {
        client.event(node, 'Normal', 'CIDRNotAvailable', `Node ${request.name} status is now: CIDRNotAvailable`, { component: 'cidrAllocator' });
        // The next news of this node is the next try.
        return;
      }
      try {
        client.patch('Node', request, { spec: { podCIDR, podCIDRs: [podCIDR] } });
      } catch (error) {
        range.release(podCIDR);
        throw error;
      }
    },
  };

  function track({ type, object: node }: CacheEvent<Node>) {
    const { podCIDR } = node.spec;
    if (podCIDR && type === 'DELETED') range.release(podCIDR);
    else if (podCIDR) range.occupy(podCIDR);
    return podCIDR ? [] : [{ name: node.metadata.name }];
  }
}

/** The parts of a range, handed out in turn: a part that was given back is not the next one to go out. */
function createRange(cidr: string, maskSize: number) {
  const [base, size] = cidr.split('/') as [string, string];
  const count = 2 ** (maskSize - Number(size));
  const step = 2 ** (32 - maskSize);
  const start = toNumber(base);
  const used = new Set<number>();
  let cursor = 0;
  const indexOf = (part: string) => (toNumber(part.split('/')[0]!) - start) / step;

  return {
    occupy: (part: string) => void used.add(indexOf(part)),
    release: (part: string) => void used.delete(indexOf(part)),
    next(): string | undefined {
      for (let i = 0; i < count; i++) {
        const candidate = (cursor + i) % count;
        if (used.has(candidate)) continue;
        used.add(candidate);
        cursor = (candidate + 1) % count;
        return `${toAddress(start + candidate * step)}/${maskSize}`;
      }
      return undefined;
    },
  };
}

const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toAddress = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
