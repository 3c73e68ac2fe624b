// The default profile of each release: which plugins, in which order, with which weights.
import type { Version } from '../api/index.ts';
import type { ProfileEntry } from './runtime.ts';
import { cloudVolumeLimits } from './plugins/cloud-volume-limits.ts';
import { defaultPreemption } from './plugins/default-preemption.ts';
import { imageLocality } from './plugins/image-locality.ts';
import { interPodAffinity } from './plugins/inter-pod-affinity.ts';
import { nodeAffinity } from './plugins/node-affinity.ts';
import { nodeName } from './plugins/node-name.ts';
import { nodePorts } from './plugins/node-ports.ts';
import { nodePreferAvoidPods } from './plugins/node-prefer-avoid-pods.ts';
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts';
import { nodeResourcesFit } from './plugins/node-resources-fit.ts';
import { nodeResourcesLeastAllocated } from './plugins/node-resources-least-allocated.ts';
import { nodeUnschedulable } from './plugins/node-unschedulable.ts';
import { nodeVolumeLimits } from './plugins/node-volume-limits.ts';
import { podTopologySpread } from './plugins/pod-topology-spread.ts';
import { taintToleration } from './plugins/taint-toleration.ts';
import { volumeBinding } from './plugins/volume-binding.ts';
import { volumeRestrictions } from './plugins/volume-restrictions.ts';
import { volumeZone } from './plugins/volume-zone.ts';

/** In the order of the filters. */
export function defaultProfile(version: Version): ProfileEntry[] {
  const strategies = version.has('scoring-strategies');
  const heavier = version.has('multipoint-weights');
  const cloud = !version.has('csi-volume-limits-only');
  const limits = (name: 'EBSLimits' | 'GCEPDLimits' | 'AzureDiskLimits'): ProfileEntry[] => (cloud ? [{ plugin: cloudVolumeLimits(name) }] : []);
  return [
    { plugin: nodeUnschedulable },
    { plugin: nodeName },
    { plugin: taintToleration, weight: heavier ? 3 : 1 },
    { plugin: nodeAffinity, weight: heavier ? 2 : 1 },
    { plugin: nodePorts },
    { plugin: nodeResourcesFit() },
    { plugin: volumeRestrictions },
    ...limits('EBSLimits'),
    ...limits('GCEPDLimits'),
    { plugin: nodeVolumeLimits },
    ...limits('AzureDiskLimits'),
    { plugin: volumeBinding },
    { plugin: volumeZone },
    { plugin: podTopologySpread, weight: 2 },
    { plugin: interPodAffinity, weight: heavier ? 2 : 1 },
    { plugin: nodeResourcesBalancedAllocation },
    { plugin: imageLocality },
    ...(strategies ? [] : [{ plugin: nodeResourcesLeastAllocated }]),
    ...(version.has('no-prefer-avoid-pods') ? [] : [{ plugin: nodePreferAvoidPods, weight: 10_000 }]),
    { plugin: defaultPreemption },
  ];
}
