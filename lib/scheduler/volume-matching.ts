// Which volume a waiting claim gets on a node, or whether one can be made there.
import type { TopologySelectorTerm } from 'kubernetes-types/core/v1';
import { claimed, findMatchingVolume, matchesNodeSelector, type Node, noProvisioner, type PersistentVolume, type PersistentVolumeClaim, requestedStorage, storageClassOf, volumeAnnotations } from '../api/index.ts';
import type { Handle } from './framework.ts';

/** What is to be done for one claim: bind it to a volume, or have one made where the pod goes. */
export interface Binding {
  readonly claim: PersistentVolumeClaim;
  readonly volume?: PersistentVolume;
}

export interface Place {
  node: Node;
  /** Names of volumes that other pods were promised. */
  taken: ReadonlySet<string>;
}

export const reachable = ({ spec }: PersistentVolume, node: Node): boolean => !spec.nodeAffinity?.required || matchesNodeSelector(spec.nodeAffinity.required, node);

/** Each claim finds a volume of its own or a class that makes one; the smallest claims choose first. */
export function bindableOn(handle: Handle, claims: readonly PersistentVolumeClaim[], { node, taken }: Place): readonly Binding[] | undefined {
  const out: Binding[] = [];
  const gone = new Set(taken);
  for (const claim of [...claims].sort((a, b) => requestedStorage(a) - requestedStorage(b))) {
    const selected = selectedNode(claim);
    if (selected !== undefined && selected !== node.metadata.name) return undefined;
    const options = { reachable: (volume: PersistentVolume) => reachable(volume, node), taken: (volume: PersistentVolume) => gone.has(volume.metadata.name) };
    const volume = selected === undefined ? findMatchingVolume(claim, handle.list('PersistentVolume'), options) : undefined;
    if (volume) gone.add(volume.metadata.name);
    else if (!provisionable(handle, claim, node)) return undefined;
    out.push({ claim, ...(volume && { volume }) });
  }
  return out;
}

function provisionable({ find }: Handle, claim: PersistentVolumeClaim, node: Node): boolean {
  const found = find('StorageClass', { name: storageClassOf(claim) });
  if (!found?.provisioner || found.provisioner === noProvisioner) return false;
  return inTopology(found.allowedTopologies as TopologySelectorTerm[] | undefined, node);
}

const inTopology = (terms: readonly TopologySelectorTerm[] | undefined, { metadata }: Node) =>
  !terms?.length || terms.some(({ matchLabelExpressions = [] }) => matchLabelExpressions.every(({ key, values }) => values.includes(metadata.labels?.[key] ?? '')));

const selectedNode = ({ metadata }: PersistentVolumeClaim) => metadata.annotations?.[volumeAnnotations.selectedNode];

/** Writes the claims' names on the volumes, and the node's on the claims that want a new one; the rest is the controllers' work. */
export function startBinding({ update }: Handle, bindings: readonly Binding[], node: string): void {
  for (const { claim, volume } of bindings) {
    const annotations = { ...claim.metadata.annotations, [volumeAnnotations.selectedNode]: node };
    if (volume) update?.(claimed(volume, claim));
    else if (selectedNode(claim) !== node) update?.({ ...claim, metadata: { ...claim.metadata, annotations } });
  }
}

/** A provisioner that cannot make the volume here takes the node away again. */
export function stillAsked({ find }: Handle, { metadata }: PersistentVolumeClaim, node: string): boolean {
  const now = find('PersistentVolumeClaim', { namespace: metadata.namespace!, name: metadata.name });
  // The cache may still show the claim as it was.
  return !!now && (now.metadata.resourceVersion === metadata.resourceVersion || !!now.spec.volumeName || selectedNode(now) === node);
}
