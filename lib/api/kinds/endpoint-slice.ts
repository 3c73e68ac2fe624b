import type { Resource } from '../resource.ts';
import { allVerbs } from '../resource.ts';
import { age, ageColumn, column, firstThree, nameColumn } from './cells.ts';

interface Port {
  name?: string;
  port?: number;
}
const portText = ({ port, name }: Port) => (port !== undefined ? String(port) : (name ?? '*'));
const text = (list: string[] | undefined) => (list ? firstThree(list) : '<unset>');

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
    defaults(draft) {
      for (const port of draft.ports ?? []) {
        port.name ??= '';
        port.protocol ??= 'TCP';
      }
    },
    prepareForCreate(draft) {
      draft.metadata = { ...draft.metadata, generation: 1 };
    },
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
