// Ranges of Services and pods (cmd/kubeadm/app/apis/kubeadm/validation).
import { type FieldError, invalid, isDNS1123Subdomain } from '../../../api/index.ts';
import { dualStack } from './feature-gates.ts';
import { parseCIDRs, rangeSize, type Subnet } from './subnets.ts';
import type { ClusterConfiguration } from './types.ts';

const fewest = { serviceSubnet: 10, podSubnet: 14 } as const;
const serviceBits = 20;
const nodeBits = 16;
const oneOfEach = 'expected one (IPv4 or IPv6) CIDR or two CIDRs from each family for dual-stack networking';

export function validateNetworking(cluster: ClusterConfiguration): FieldError[] {
  const { dnsDomain = '', serviceSubnet, podSubnet } = cluster.networking;
  return [
    ...isDNS1123Subdomain(dnsDomain).map((why) => invalid('dnsDomain', dnsDomain, why)),
    ...(serviceSubnet ? validateSubnet(cluster, 'serviceSubnet', serviceSubnet) : []),
    ...(podSubnet ? validateSubnet(cluster, 'podSubnet', podSubnet) : []),
  ];
}

function validateSubnet(cluster: ClusterConfiguration, field: 'serviceSubnet' | 'podSubnet', text: string): FieldError[] {
  const subnets = parseCIDRs(text);
  if (!subnets) return [invalid(field, text, "couldn't parse subnet")];
  const dual = dualStack(cluster.featureGates);
  const mixed = new Set(subnets.map(({ family }) => family)).size === 2;
  const number = !dual && subnets.length > 1 ? 'only one CIDR allowed for single-stack networking' : dual && (subnets.length > 2 || (subnets.length === 2 && !mixed)) ? oneOfEach : '';
  return [
    ...(number ? [invalid(field, text, number)] : []),
    ...subnets.filter((one) => rangeSize(one) < fewest[field]).map((one) => invalid(field, one.text, 'subnet is too small')),
    ...subnets.flatMap((one) => (field === 'serviceSubnet' ? notTooLarge(one) : roomForNodes(cluster, one))),
  ];
}

function notTooLarge({ bits, prefix, text }: Subnet): FieldError[] {
  if (bits - prefix <= serviceBits) return [];
  return [invalid('serviceSubnet', text, `specified service subnet is too large; for ${bits}-bit addresses, the mask must be >= ${bits - serviceBits}`)];
}

/** Each node gets a part of the pods' range. */
function roomForNodes({ featureGates, controllerManager }: ClusterConfiguration, { family, prefix, text }: Subnet): FieldError[] {
  const argument = `node-cidr-mask-size${dualStack(featureGates) ? `-ipv${family}` : ''}`;
  const given = controllerManager.extraArgs?.[argument];
  if (given && !/^[-+]?\d+$/.test(given)) return [invalid('podSubnet', text, `strconv.Atoi: parsing ${JSON.stringify(given)}: invalid syntax`)];
  const mask = given ? Number(given) : family === 6 ? 64 : 24;
  if (prefix > mask) return [invalid('podSubnet', text, 'pod subnet size is smaller than the node subnet size')];
  return mask - prefix > nodeBits ? [invalid('podSubnet', text, `pod subnet mask and node-mask difference can not be greater than ${nodeBits}`)] : [];
}
