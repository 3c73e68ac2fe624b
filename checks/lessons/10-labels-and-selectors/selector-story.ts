// What happens to a cluster whose ReplicaSets go by the learner's reading of a selector.
import { type LabelSelector, selectorFromLabelSelector } from '../../../lib/api/index.ts';
import type { Cluster } from '../../../lib/book/exercise.ts';
import { type Client, type Controller, forMapped, forObject, isPodActive, type Random } from '../../../lib/index.ts';

export type Labels = Record<string, string>;
type Matches = (selector: LabelSelector, labels: Labels) => boolean;

export interface Given {
  /** Selectors and labels to try without a cluster. */
  cases: [LabelSelector, Labels][];
  team: string;
}
export interface Story {
  outputs: unknown[];
  /** Live pods that belong to each ReplicaSet, by Kubernetes' own reading of its selector. */
  begun: Record<string, number>;
  taken: Record<string, number>;
  returned: Record<string, number>;
  /** The pod that was relabelled, when it was out. */
  outside: boolean;
  made: number;
}

/** A selector that never matches its own template makes pods for ever: here it stops. */
export const mostPods = 60;

/** Three ReplicaSets, each with another way to say which pods are its own. */
export function manifest(team: string): string {
  const set = (name: string, replicas: number, selector: LabelSelector, labels: Labels) => ({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name },
    spec: { replicas, selector, template: { metadata: { labels }, spec: { containers: [{ name: 'nginx', image: 'nginx' }] } } },
  });
  const sets = [
    set('web', 3, { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'track', operator: 'NotIn', values: ['canary', 'debug'] }] }, { app: 'web' }),
    set('edge', 2, { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'edge'] }, { key: 'debug', operator: 'DoesNotExist' }] }, { tier: 'edge' }),
    set(team, 2, { matchLabels: { team }, matchExpressions: [{ key: 'stage', operator: 'Exists' }] }, { team, stage: '' }),
  ];
  return sets.map((one) => JSON.stringify(one)).join('\n---\n');
}

interface Scene {
  cluster: Cluster;
  kubectl: Cluster['kubectl'];
  random: Random;
  given: Given;
  answer: Matches;
}

export async function tell({ cluster, kubectl, random, given, answer }: Scene): Promise<Story> {
  if (typeof answer !== 'function') throw new TypeError('두 번째 인수는 함수여야 한다: (selector, labels) => 참 또는 거짓');
  const outputs = given.cases.map(([selector, labels]) => answer(structuredClone(selector), { ...labels }));
  const tally = { made: 0 };
  cluster.replace('replicaset', (client) => selecting(client, answer, tally));
  cluster.advance('1m');
  const begun = counts(cluster);
  const names = members(cluster, 'web');
  const chosen = names.length > 0 ? random.pick(names) : 'bystander';
  await kubectl.text`label pod ${chosen} track=debug`;
  cluster.advance('1m');
  const taken = counts(cluster);
  const outside = cluster.client.list('Pod').items.some((pod) => pod.metadata.name === chosen && isPodActive(pod));
  await kubectl.text`label pod ${chosen} track-`;
  cluster.advance('1m');
  return { outputs, begun, taken, returned: counts(cluster), outside, made: tally.made };
}

/**
 * Keeps `spec.replicas` pods that `matches` picks.
 * Differs from Kubernetes: it goes by labels alone, without ownerReferences, so that only the selector decides.
 */
function selecting(client: Client, matches: Matches, tally: { made: number }): Controller {
  return {
    name: 'replicaset',
    watches: [forObject('ReplicaSet'), forMapped('Pod', (_, client) => [...client.cache('ReplicaSet')].map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name })))],
    reconcile(request) {
      const rs = client.find('ReplicaSet', request);
      if (!rs) return;
      const pods = [...client.cache('Pod')].filter((pod) => isPodActive(pod) && matches(structuredClone(rs.spec.selector), { ...pod.metadata.labels }));
      for (let i = pods.length; i < rs.spec.replicas! && tally.made < mostPods; i++, tally.made++) {
        client.create({ apiVersion: 'v1', kind: 'Pod', metadata: { generateName: `${request.name}-`, namespace: 'default', labels: rs.spec.template!.metadata!.labels }, spec: rs.spec.template!.spec });
      }
      for (const pod of pods.slice(rs.spec.replicas)) client.delete(pod);
    },
  };
}

const members = (cluster: Cluster, set: string): string[] => {
  const rs = cluster.client.list('ReplicaSet').items.find(({ metadata }) => metadata.name === set);
  const selector = selectorFromLabelSelector(rs?.spec.selector);
  return cluster.client.list('Pod').items.filter((pod) => isPodActive(pod) && selector.matches(pod.metadata.labels)).map(({ metadata }) => metadata.name);
};

const counts = (cluster: Cluster) => Object.fromEntries(cluster.client.list('ReplicaSet').items.map(({ metadata }) => [metadata.name, members(cluster, metadata.name).length]));
