// The cases of rollout.jsonl about stateful sets: the control loop, called until nothing changes, and identities.
import { type Pod, type StatefulSet, type Version } from '../../../lib/api/index.ts';
import { InProcessClient } from '../../../lib/client/index.ts';
import { claimName, isMemberOf, newPod, parentAndOrdinal, revisionOf, statefulSetController } from '../../../lib/controllers/index.ts';
import { createRandom } from '../../../lib/sim/index.ts';
import { createControlPlane, run } from '../../controllers/control-plane.ts';
import { compare, type Outcome } from '../replayer.ts';

type Replay = (input: any, output: any, version: Version) => Outcome;

interface Step {
  replicas?: number;
  image?: string;
  partition?: number;
  deletePod?: number;
  stuckOrdinal?: number;
}

const template = (image: string) => ({ metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } });

/** A control plane with this one controller, which does nothing unless it is called. */
function stage(input: any, version: Version) {
  const plane = createControlPlane({ version, only: ['serviceaccount', 'serviceaccount-token'] });
  plane.advance('1s');
  const client = new InProcessClient({ server: plane.server, loop: plane.loop, random: createRandom('oracle'), name: 'kube-controller-manager' });
  const controller = statefulSetController(client);
  for (const watch of controller.watches) client.cache(watch.kind).on((event) => void watch.requests(event, client));
  const key = { namespace: 'default', name: input.name };
  const rolling = { type: 'RollingUpdate', ...(input.steps[0].partition !== undefined && { rollingUpdate: { partition: input.steps[0].partition } }) };
  const updateStrategy = input.updateStrategy === 'OnDelete' ? { type: 'OnDelete' } : rolling;
  plane.client.create({ kind: 'StatefulSet', metadata: key, spec: { replicas: input.replicas, serviceName: input.name, podManagementPolicy: input.podManagementPolicy, updateStrategy, selector: { matchLabels: { app: 'web' } }, template: template('nginx:1') } });
  const pods = () => plane.client.list('Pod', { namespace: 'default' }).items.sort((a, b) => ordinal(a) - ordinal(b));
  return { plane, controller, key, pods };
}

const ordinal = ({ metadata }: Pod) => parentAndOrdinal(metadata.name).ordinal;

const statefulSet: Replay = (input, output, version) => {
  const { plane, controller, key, pods } = stage(input, version);
  const shown = (pod: Pod) => `${ordinal(pod)}@rev${plane.client.get('ControllerRevision', { namespace: 'default', name: revisionOf(pod) }).revision}`;
  const states = (input.steps as Step[]).map((step, i) => {
    change(plane, key, i === 0 ? {} : step);
    const syncs: { created: string[]; deleted: string[] }[] = [];
    for (let calls = 0; calls < 50; calls++) {
      const before = pods();
      plane.settle();
      controller.reconcile(key);
      plane.settle();
      const now = pods();
      const created = now.filter(({ metadata }) => !before.some((pod) => pod.metadata.uid === metadata.uid)).map(shown);
      const deleted = before.filter(({ metadata }) => !now.some((pod) => pod.metadata.uid === metadata.uid)).map(shown);
      if (created.length + deleted.length > 0) syncs.push({ created, deleted });
      const unready = now.filter((pod) => pod.status.phase !== 'Running' && ordinal(pod) !== step.stuckOrdinal);
      for (const pod of unready) run(plane, pod);
      if (created.length + deleted.length + unready.length === 0) break;
    }
    const { replicas = 0, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0, currentRevision, updateRevision } = plane.client.get('StatefulSet', key).status;
    return { pods: pods().map(shown), status: { replicas, readyReplicas, currentReplicas, updatedReplicas, revisionsEqual: currentRevision === updateRevision }, syncs };
  });
  return compare(states, output);
};

function change({ client }: ReturnType<typeof stage>['plane'], key: { namespace: string; name: string }, { replicas, image, partition, deletePod }: Step): void {
  const spec = {
    ...(replicas !== undefined && { replicas }),
    ...(image !== undefined && { template: template(image) }),
    ...(partition !== undefined && { updateStrategy: { rollingUpdate: { partition } } }),
  };
  client.patch('StatefulSet', key, { spec });
  if (deletePod !== undefined) client.delete({ kind: 'Pod', metadata: { namespace: key.namespace, name: `${key.name}-${deletePod}` } });
}

const setOf = (name: string, serviceName = '', claim?: string) =>
  ({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: 'default', uid: 'u' }, spec: { serviceName, template: { metadata: { labels: { foo: 'bar' } }, spec: { containers: [] } }, ...(claim && { volumeClaimTemplates: [{ metadata: { name: claim } }] }) } }) as unknown as StatefulSet;

const statefulSetName: Replay = ({ podName, set }, output) => compare({ ...parentAndOrdinal(podName), member: isMemberOf(setOf(set), podName) }, output);

const statefulSetIdentity: Replay = ({ set, serviceName, claim, ordinal: number }, output, version) => {
  const owner = setOf(set, serviceName, claim);
  const { metadata, spec } = newPod(owner, number, { revision: '', version });
  const { 'controller-revision-hash': _, ...labels } = metadata!.labels!;
  return compare({ podName: metadata!.name, hostname: spec.hostname, subdomain: spec.subdomain, labels, claimName: claimName(claim, owner, number) }, output);
};

export const statefulSetCases: Record<string, Replay> = { statefulSet, statefulSetName, statefulSetIdentity };
