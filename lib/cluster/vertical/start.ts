// The three parts of the VerticalPodAutoscaler: they run as long as its kinds are defined.
import type { Manifest, Pod } from '../../api/index.ts';
import { podPatches, type PodUsage, reviewVpa, type VerticalPodAutoscaler, verticalDefinitions, vpaRecommender, vpaUpdater } from '../../autoscaling/index.ts';
import type { Client } from '../../client/index.ts';
import { clientsOf, type Process, type Surroundings } from '../process.ts';
import { type ControllerFactory, type ControllerManager, createControllerManager } from '../controller-manager.ts';
import type { WebhookHandler, Webhooks } from '../webhooks.ts';
import { definedIn, runWhile, startingWhen } from '../while-defined.ts';

export interface VerticalParts extends Surroundings {
  webhooks: Webhooks;
  /** Applies the definitions, as a person would. */
  define: boolean;
  client: Client;
  onError(controller: string, key: string, error: unknown): void;
}

export interface Vertical {
  processes: readonly Process[];
  /** Of them those that consist of controllers. */
  managers: readonly ControllerManager[];
}

const plurals = ['verticalpodautoscalers', 'verticalpodautoscalercheckpoints'];
const service = { namespace: 'kube-system', name: 'vpa-webhook' };

/**
 * vpa-recommender, vpa-updater and vpa-admission-controller. A cluster without the definitions starts nothing of this.
 * Differs from Kubernetes: there a person applies them as Deployments; here they run beside the control plane.
 */
export function startVertical({ webhooks, define, client, onError, ...around }: VerticalParts): Vertical {
  const { server } = around;
  const program = (name: string, factory: ControllerFactory) => createControllerManager({ ...around, name, user: `system:serviceaccount:kube-system:${name}`, factories: { [name]: factory }, onError });
  const defined = definedIn(server, plurals.map((plural) => `${plural}.autoscaling.k8s.io`));
  const managers = [program('vpa-recommender', (own) => vpaRecommender(own, { usage: () => usageOf(own) })), program('vpa-updater', vpaUpdater)].map((manager) => startingWhen(defined, manager));
  const processes = [...managers, admission({ webhooks, defined, ...around })];
  runWhile(defined, { server, processes });
  if (define) for (const one of verticalDefinitions({ inPlace: server.version.has('in-place-resize') })) if (!client.resource(one.metadata!.name!)) client.create(one);
  return { processes, managers };
}

/** What metrics.k8s.io says of all pods. */
function usageOf(client: Client): PodUsage[] {
  type Sample = { metadata: { namespace?: string; name: string }; timestamp: string; containers: PodUsage['containers'] };
  return (client.list('pods.v1beta1.metrics.k8s.io').items as unknown as Sample[]).map(({ metadata, timestamp, containers }) => ({ namespace: metadata.namespace ?? '', name: metadata.name, timestamp: Date.parse(timestamp), containers }));
}

/** It registers itself as a webhook. Without it pods are made as they are: its failure policy is Ignore. */
function admission({ webhooks, defined, ...around }: Surroundings & { webhooks: Webhooks; defined(): boolean }): Process {
  const name = 'vpa-admission-controller';
  const target = `${service.namespace}/${service.name}`;
  let life: { stop(): void } | undefined;
  return {
    name,
    get running() {
      return life !== undefined;
    },
    start() {
      if (life || !defined()) return;
      const clients = clientsOf(around, name);
      const client = clients.client({ user: `system:serviceaccount:kube-system:${name}` });
      for (const object of [webhookService, webhookConfiguration]) if (!around.server.storage.find(around.server.resourceOf(object.kind!), object.metadata!.namespace, object.metadata!.name!)) client.create(object);
      webhooks.set(target, reviewer(client));
      life = { stop: () => (webhooks.set(target, undefined), clients.stop()) };
    },
    stop() {
      life?.stop();
      life = undefined;
    },
  };
}

function reviewer(client: Client): WebhookHandler {
  return ({ kind, namespace, object }) => {
    if (kind.kind === 'Pod') return { allowed: true, patch: podPatches(client, { ...object, metadata: { ...object.metadata, namespace } } as Pod) };
    const { error, patches } = reviewVpa(object as VerticalPodAutoscaler);
    return error === undefined ? { allowed: true, patch: patches } : { allowed: false, message: error };
  };
}

const webhookService: Manifest = { apiVersion: 'v1', kind: 'Service', metadata: service, spec: { ports: [{ port: 443, targetPort: 8000 }], selector: { app: 'vpa-admission-controller' } } };

const webhookConfiguration: Manifest = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: { name: 'vpa-webhook-config' },
  webhooks: [
    {
      name: 'vpa.k8s.io',
      admissionReviewVersions: ['v1'],
      clientConfig: { service: { ...service } },
      rules: [
        { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] },
        { operations: ['CREATE', 'UPDATE'], apiGroups: ['autoscaling.k8s.io'], apiVersions: ['*'], resources: ['verticalpodautoscalers'] },
      ],
      failurePolicy: 'Ignore',
      sideEffects: 'None',
      timeoutSeconds: 30,
    },
  ],
};
