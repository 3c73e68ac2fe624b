import { type FieldError, notSupported, required } from '../field-error.ts';
import { isDNS1123Label, isDNS1123Subdomain, isQualifiedName, isValidIP, isValidPortNum } from '../names.ts';
import type { Context, Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, firstThree, nameColumn } from './cells.ts';
import { invalidAll, nonSpecialIP, protocols } from './checks.ts';

interface Address {
  ip: string;
  hostname?: string;
  nodeName?: string;
}
interface Port {
  name?: string;
  port: number;
  protocol?: string;
  appProtocol?: string;
}
interface Subset {
  addresses?: Address[];
  notReadyAddresses?: Address[];
  ports?: Port[];
}

const joinHostPort = (ip: string, port: number) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`);

function addresses({ subsets }: KubeObject): string[] {
  const list: string[] = [];
  for (const { addresses = [], ports = [] } of (subsets ?? []) as Subset[]) {
    if (ports.length === 0) for (const { ip } of addresses) list.push(ip);
    for (const { port } of ports) for (const { ip } of addresses) list.push(joinHostPort(ip, port));
  }
  return list;
}

/** A set of subsets without a ready address prints nothing, no subset at all `<none>`. */
const cell = (object: KubeObject) => {
  const list = addresses(object);
  return list.length === 0 && object.subsets?.length ? '' : firstThree(list);
};

function addressErrors(at: string, { ip, hostname, nodeName }: Address): FieldError[] {
  const errors = invalidAll(`${at}.ip`, ip, isValidIP(ip));
  if (hostname) errors.push(...invalidAll(`${at}.hostname`, hostname, isDNS1123Label(hostname)));
  if (nodeName !== undefined) errors.push(...invalidAll(`${at}.nodeName`, nodeName, isDNS1123Subdomain(nodeName)));
  return [...errors, ...nonSpecialIP(`${at}.ip`, ip)];
}

function portErrors(at: string, { name, port, protocol = '', appProtocol }: Port, needsName: boolean): FieldError[] {
  const errors: FieldError[] = [];
  if (needsName && !name) errors.push(required(`${at}.name`));
  else if (name) errors.push(...invalidAll(`${at}.name`, name, isDNS1123Label(name)));
  errors.push(...invalidAll(`${at}.port`, port ?? 0, isValidPortNum(port ?? 0)));
  if (!protocols.includes(protocol)) errors.push(notSupported(`${at}.protocol`, protocol, protocols));
  if (appProtocol !== undefined) errors.push(...invalidAll(`${at}.appProtocol`, appProtocol, isQualifiedName(appProtocol)));
  return errors;
}

function validate(object: KubeObject, _context: Context): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { addresses = [], notReadyAddresses = [], ports = [] }] of ((object.subsets ?? []) as Subset[]).entries()) {
    const at = `subsets[${i}]`;
    if (addresses.length + notReadyAddresses.length === 0) errors.push(required(at, 'must specify `addresses` or `notReadyAddresses`'));
    for (const [k, address] of addresses.entries()) errors.push(...addressErrors(`${at}.addresses[${k}]`, address));
    for (const [k, address] of notReadyAddresses.entries()) errors.push(...addressErrors(`${at}.notReadyAddresses[${k}]`, address));
    for (const [k, port] of ports.entries()) errors.push(...portErrors(`${at}.ports[${k}]`, port, ports.length > 1));
  }
  return errors;
}

export const endpoints: Resource = {
  kind: 'Endpoints',
  listKind: 'EndpointsList',
  group: '',
  plural: 'endpoints',
  singular: 'endpoints',
  shortNames: ['ep'],
  namespaced: true,
  versions: [{ version: 'v1' }],
  etcdPath: 'services/endpoints',
  verbs: allVerbs,
  strategy: {
    repeatedMetadataChecks: ['update', 'object'],
    allowCreateOnUpdate: true,
    generation: false,
    defaults(draft) {
      for (const subset of draft.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= 'TCP';
    },
    validate,
    validateUpdate: (object, _old, context) => validate(object, context),
  },
  columns: [nameColumn, column('Endpoints'), ageColumn],
  cells: (object, now) => [object.metadata.name, cell(object), age(object, now)],
};
