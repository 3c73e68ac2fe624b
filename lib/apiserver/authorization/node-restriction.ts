// NodeRestriction: a kubelet that shows its certificate writes only its own node, its lease and the pods that run there
// (plugin/pkg/admission/noderestriction). Kubelets inside this process keep to it by themselves.
import { equal, forbidden, type KubeObject, notFound } from '../../api/index.ts';
import type { ServerParts } from '../parts.ts';
import type { ApiRequest } from '../request.ts';
import { referencesOf } from './node-graph.ts';
import { forbiddenLabels } from './node-labels.ts';
import { nodeNameOf } from './user.ts';

const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'];

function refuse({ resource, name, object }: ApiRequest, why: string): never {
  throw forbidden(resource, name ?? object?.metadata?.name ?? '', why);
}

const nodeOf = ({ user, groups }: ApiRequest) => (groups ? nodeNameOf({ name: user, groups }) : undefined);

export const nodeRestriction = {
  /** What can be told before the object is looked up. */
  admit(request: ApiRequest, parts: ServerParts): void {
    const node = nodeOf(request);
    if (node === undefined || !writes.includes(request.verb)) return;
    rules[request.resource.kind]?.(node, request, parts);
  },

  /** What an update changes. Gives the object back. */
  admitUpdate(request: ApiRequest, object: KubeObject, old: KubeObject): KubeObject {
    const node = nodeOf(request);
    if (node === undefined) return object;
    const { kind } = request.resource;
    if (kind === 'Node') nodeUpdate(node, request, object, old);
    if (kind === 'Pod' && request.subresource === 'status') podStatus(node, request, object, old);
    return object;
  },
};

type Rule = (node: string, request: ApiRequest, parts: ServerParts) => void;

const rules: Record<string, Rule> = {
  Pod(node, request, { find }) {
    const { subresource, verb, namespace, name = '' } = request;
    if (subresource === 'status') return;
    if (subresource && subresource !== 'eviction') refuse(request, `unexpected pod subresource ${JSON.stringify(subresource)}, only 'status' and 'eviction' are allowed`);
    if (verb === 'create' && !subresource) return mirrorPod(node, request, find('Node', { name: node }));
    if (verb !== 'create' && verb !== 'delete') refuse(request, `unexpected operation "UPDATE", node ${JSON.stringify(node)} can only create and delete mirror pods`);
    const pod = find('Pod', { namespace, name });
    if (!pod || pod.spec.nodeName === node) return;
    refuse(request, subresource ? `node ${node} can only evict pods with spec.nodeName set to itself` : `node ${JSON.stringify(node)} can only delete pods with spec.nodeName set to itself`);
  },
  Node(node, request) {
    const wanted = request.name ?? request.object?.metadata?.name ?? '';
    if (wanted !== node) refuse(request, `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(wanted)}`);
    if (request.verb !== 'create') return;
    const labels = forbiddenLabels(request.object?.metadata?.labels, undefined);
    if (labels.length > 0) refuse(request, `node ${JSON.stringify(node)} is not allowed to set the following labels: ${labels.join(', ')}`);
  },
  Lease(node, request) {
    if (request.namespace !== 'kube-node-lease') refuse(request, 'can only access leases in the "kube-node-lease" system namespace');
    const wanted = request.verb === 'create' ? request.object?.metadata?.name : request.name;
    if (wanted !== node) refuse(request, 'can only access node lease with the same name as the requesting node');
  },
  ServiceAccount: podToken,
  PersistentVolumeClaim(_node, request) {
    if (request.subresource !== 'status') refuse(request, 'may only update PVC status');
  },
};

/** A node asks for tokens of the pods that it runs. */
function podToken(node: string, request: ApiRequest, { find, resourceOf }: ServerParts): void {
  if (request.subresource !== 'token' || request.verb !== 'create') return;
  const { apiVersion, kind, name, uid } = request.object?.spec?.boundObjectRef ?? {};
  if (apiVersion !== 'v1' || kind !== 'Pod' || !name) refuse(request, 'node requested token not bound to a pod');
  if (!uid) refuse(request, 'node requested token with a pod binding without a uid');
  const pod = find('Pod', { namespace: request.namespace, name });
  if (!pod) throw notFound(resourceOf('Pod'), name);
  if (uid !== pod.metadata.uid) refuse(request, `the UID in the bound object reference (${uid}) does not match the UID in record (${pod.metadata.uid}). The object might have been deleted and then recreated`);
  if (pod.spec.nodeName !== node) refuse(request, 'node requested token bound to a pod scheduled on a different node');
}

function mirrorPod(node: string, request: ApiRequest, present: KubeObject | undefined): void {
  const { metadata = {}, spec = {} } = request.object ?? {};
  const who = `node ${JSON.stringify(node)}`;
  if (metadata.annotations?.['kubernetes.io/config.mirror'] === undefined) refuse(request, `pod does not have "kubernetes.io/config.mirror" annotation, ${who} can only create mirror pods`);
  if (spec.nodeName !== node) refuse(request, `${who} can only create pods with spec.nodeName set to itself`);
  const [owner, ...more] = metadata.ownerReferences ?? [];
  if (more.length > 0) refuse(request, `${who} can only create pods with a single owner reference set to itself`);
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) refuse(request, `${who} can only create pods with an owner reference set to itself`);
  if (!owner.controller) refuse(request, `${who} can only create pods with a controller owner reference set to itself`);
  if (owner.blockOwnerDeletion) refuse(request, `${who} must not set blockOwnerDeletion on an owner reference`);
  if (!present) throw notFound({ group: '', kind: 'Node', plural: 'nodes' }, node);
  if (owner.uid !== present.metadata.uid) refuse(request, `node ${node} UID mismatch: expected ${owner.uid} got ${present.metadata.uid}`);
  if (spec.serviceAccountName) refuse(request, `${who} can not create pods that reference a service account`);
  const { Secret, ConfigMap, PersistentVolumeClaim } = referencesOf({ metadata, spec });
  for (const [what, names] of Object.entries({ secrets: Secret, configmaps: ConfigMap, persistentvolumeclaims: PersistentVolumeClaim })) {
    if (names?.some(Boolean)) refuse(request, `${who} can not create pods that reference ${what}`);
  }
}

function nodeUpdate(node: string, request: ApiRequest, object: KubeObject, old: KubeObject): void {
  if (!request.subresource && !equal(object.spec?.taints, old.spec?.taints)) refuse(request, `node ${JSON.stringify(node)} is not allowed to modify taints`);
  const labels = forbiddenLabels(object.metadata.labels, old.metadata.labels);
  if (labels.length > 0) refuse(request, `is not allowed to modify labels: ${labels.join(', ')}`);
}

function podStatus(node: string, request: ApiRequest, object: KubeObject, old: KubeObject): void {
  if (old.spec.nodeName !== node) refuse(request, `node ${JSON.stringify(node)} can only update pod status for pods with spec.nodeName set to itself`);
  if (!equal(object.metadata.labels, old.metadata.labels)) refuse(request, `node ${JSON.stringify(node)} cannot update labels through pod status`);
}
