import { type FieldError, duplicate, notSupported, required, tooMany } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, parseIP } from '../names.ts';
import { equal } from '../object.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, firstThree, nameColumn } from './cells.ts';
import { immutable, invalidAll, setGeneration, protocols } from './checks.ts';
import { labelsErrors } from './label-checks.ts';

interface Port {
  name?: string;
  port?: number;
  protocol?: string;
  appProtocol?: string;
}
interface Endpoint {
  addresses?: string[] | null;
  hostname?: string;
  nodeName?: string;
  topology?: Record<string, string>;
}

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 100;

const portText = ({ port, name }: Port) => (port !== undefined ? String(port) : (name ?? '*'));
const text = (list: string[] | undefined) => (list?.length && list.some((word) => word !== '') ? firstThree(list) : '<unset>');

function addressMessages(type: string, address: string): string[] {
  if (type === 'IPv4') return parseIP(address) === 4 ? [] : ['must be a valid IPv4 address'];
  if (type === 'IPv6') return parseIP(address) === 6 ? [] : ['must be a valid IPv6 address'];
  const name = address.replace(/\.$/, '');
  const messages = isDNS1123Subdomain(name);
  return messages.length > 0 || name.includes('.') ? messages : ['should be a domain with at least two segments separated by dots'];
}

function endpointErrors(at: string, endpoint: Endpoint, type: string): FieldError[] {
  const { hostname, nodeName, topology } = endpoint;
  const addresses = endpoint.addresses ?? [];
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(required(`${at}.addresses`, 'must contain at least 1 address'));
  if (addresses.length > maxAddresses) errors.push(tooMany(`${at}.addresses`, addresses.length, maxAddresses));
  if (addressTypes.includes(type)) for (const [i, address] of addresses.entries()) errors.push(...invalidAll(`${at}.addresses[${i}]`, address, addressMessages(type, address)));
  if (nodeName !== undefined) errors.push(...invalidAll(`${at}.nodeName`, nodeName, isDNS1123Subdomain(nodeName)));
  if (topology) errors.push(...labelsErrors(`${at}.topology`, topology));
  if (hostname !== undefined) errors.push(...invalidAll(`${at}.hostname`, hostname, isDNS1123Label(hostname)));
  return errors;
}

function portsErrors(ports: Port[]): FieldError[] {
  if (ports.length > maxPorts) return [tooMany('ports', ports.length, maxPorts)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol = '', appProtocol }, i) => {
    const errors = name ? invalidAll(`ports[${i}].name`, name, isDNS1123Label(name)) : [];
    if (names.has(name)) errors.push(duplicate(`ports[${i}].name`, name));
    names.add(name);
    if (!protocols.includes(protocol)) errors.push(notSupported(`ports[${i}].protocol`, protocol, protocols));
    if (appProtocol !== undefined) errors.push(...invalidAll(`ports[${i}].appProtocol`, appProtocol, isQualifiedName(appProtocol)));
    return errors;
  });
}

function validate({ addressType, endpoints, ports }: KubeObject, _context: Context): FieldError[] {
  const list: Endpoint[] = endpoints ?? [];
  const errors: FieldError[] = [];
  if (!addressType) errors.push(required('addressType'));
  else if (!addressTypes.includes(addressType)) errors.push(notSupported('addressType', addressType, addressTypes));
  if (list.length > maxEndpoints) errors.push(tooMany('endpoints', list.length, maxEndpoints));
  else for (const [i, endpoint] of list.entries()) errors.push(...endpointErrors(`endpoints[${i}]`, endpoint, addressType));
  return [...errors, ...portsErrors(ports ?? [])];
}

/** Like a spec, but it is the whole object beside its metadata. */
const isChanged = (object: KubeObject, old: KubeObject) => ['endpoints', 'ports', 'addressType'].some((field) => !equal(object[field], old[field]));

export const endpointSlice: Resource = {
  kind: 'EndpointSlice',
  group: 'discovery.k8s.io',
  plural: 'endpointslices',
  singular: 'endpointslice',
  namespaced: true,
  versions: [{ version: 'v1', since: 21 }, { version: 'v1beta1', since: 17, until: 24 }],
  etcdPath: 'endpointslices',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['object'],
    defaults(draft) {
      // Lists without omitempty: empty ones are kept as null.
      if (!draft.endpoints?.length) draft.endpoints = null;
      if (!draft.ports?.length) draft.ports = null;
      for (const endpoint of draft.endpoints ?? []) endpoint.conditions ??= {};
      for (const port of draft.ports ?? []) {
        port.name ??= '';
        port.protocol ??= 'TCP';
      }
    },
    prepareForCreate(draft) {
      setGeneration(draft, 1);
    },
    prepareForUpdate(draft, old) {
      if (isChanged(draft, old)) setGeneration(draft, (old.metadata.generation ?? 0) + 1);
    },
    validate,
    validateUpdate: (object, old, context) => [...validate(object, context), ...immutable('addressType', object.addressType, old.addressType)],
  },
  columns: [nameColumn, column('AddressType'), column('Ports'), column('Endpoints'), ageColumn],
  cells: (object, now) => [
    object.metadata.name,
    object.addressType ?? '',
    text(object.ports?.map(portText)),
    text(object.endpoints?.flatMap((endpoint: { addresses?: string[] }) => endpoint.addresses ?? [])),
    age(object, now),
  ],
};
