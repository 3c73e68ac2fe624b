// Deletes what nobody owns any more, and lets owners go once their dependents are gone or set free.
import { customKinds, findResource, resources, servedVersions, type Version } from '../../api/index.ts';
import type { Client, Controller, Key, Watch } from '../../client/index.ts';
import { getLive } from '../shared/not-found.ts';
import { collect } from './collect.ts';
import { createGraph } from './graph.ts';
import type { Identity } from './identity.ts';
import { createOwners } from './owner-state.ts';

/** Owner references and what follows from them (pkg/controller/garbagecollector). */
export function garbageCollector(client: Client): Controller {
  const graph = createGraph(client);
  const owners = createOwners(client);
  const followed = new Set<string>();
  let followCustomKinds: (watch: Watch) => void = () => {};

  return {
    name: 'garbagecollector',
    watches: collectedKinds(client.version).map(watchOf),
    start(follow) {
      followCustomKinds = follow;
    },
    reconcile(request) {
      const object = getLive(client, ...objectNamed(request));
      if (object) collect({ client, graph, owners }, object);
    },
  };

  function watchOf(kind: string): Watch {
    return { kind, requests: (event) => (event.object.kind === 'CustomResourceDefinition' && followInstances(), graph.apply(event).map(toKey)) };
  }

  /** Instances of custom kinds are watched once their definition is established. Differs from Kubernetes: not of a kind that has the name of a built-in one. */
  function followInstances(): void {
    for (const { kind, group, plural } of customKinds(client.version).rows) {
      if (followed.has(`${plural}.${group}`) || findResource(kind, client.version)?.group !== group) continue;
      followed.add(`${plural}.${group}`);
      followCustomKinds(watchOf(kind));
    }
  }
}

/** Every kind that can be listed, watched and deleted; events belong to nobody and pass by themselves. */
function collectedKinds(version: Version): string[] {
  const verbs = ['delete', 'list', 'watch'];
  const rows = resources.filter((row) => !row.discoveryOnly && row.kind !== 'Event' && verbs.every((verb) => row.verbs.includes(verb)));
  return rows.filter((row) => servedVersions(row, version).length > 0).map(({ kind }) => kind);
}

// A request names the kind too: `ReplicaSet:web-5d9c`.
const toKey = ({ kind, namespace, name }: Identity): Key => ({ namespace, name: `${kind}:${name}` });

function objectNamed({ namespace, name }: Key): [kind: string, key: Key] {
  const colon = name.indexOf(':');
  return [name.slice(0, colon), { namespace, name: name.slice(colon + 1) }];
}
