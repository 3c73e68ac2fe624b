// How a Service lives: pkg/apis/core/v1/defaults.go, pkg/registry/core/service. Addresses and node ports are given out by the API server.
import type { Strategy } from '../resource.ts';
import type { KubeObject } from '../types.ts';

const affinitySeconds = 10800;

function defaults(draft: KubeObject) {
  const spec = (draft.spec ??= {});
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: affinitySeconds } };
  }
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer') spec.externalTrafficPolicy ||= 'Cluster';
}

export const serviceStrategy: Strategy = {
  generation: false,
  allowCreateOnUpdate: true,
  defaults,
  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} };
    if (draft.spec.clusterIP && !draft.spec.clusterIPs?.length) draft.spec.clusterIPs = [draft.spec.clusterIP];
  },
  prepareForUpdate(draft, old) {
    draft.status = old.status;
  },
};
