import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import type { KubeObject } from '../types.ts';
import { age, ageColumn, column, firstThree, nameColumn } from './cells.ts';

interface Subset {
  addresses?: { ip: string }[];
  notReadyAddresses?: { ip: string }[];
  ports?: { name?: string; port: number; protocol?: string }[];
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
    allowCreateOnUpdate: true,
    generation: false,
    defaults(draft) {
      for (const subset of draft.subsets ?? []) for (const port of subset.ports ?? []) port.protocol ||= 'TCP';
    },
  },
  columns: [nameColumn, column('Endpoints'), ageColumn],
  cells: (object, now) => [object.metadata.name, cell(object), age(object, now)],
};
