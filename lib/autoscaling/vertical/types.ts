// The shapes of autoscaling.k8s.io/v1, and what is measured for it.
import type { KubeObject } from '../../api/index.ts';

export type UpdateMode = 'Off' | 'Initial' | 'Recreate' | 'InPlaceOrRecreate' | 'Auto';
export type ResourceName = 'cpu' | 'memory';
export type Amounts = Partial<Record<ResourceName, string>>;

export interface ContainerPolicy {
  /** `*`: of all containers that have no policy of their own. */
  containerName?: string;
  mode?: 'Auto' | 'Off';
  minAllowed?: Amounts;
  maxAllowed?: Amounts;
  controlledResources?: ResourceName[];
  controlledValues?: 'RequestsAndLimits' | 'RequestsOnly';
}

export interface EvictionRequirement {
  resources: ResourceName[];
  changeRequirement: 'TargetHigherThanRequests' | 'TargetLowerThanRequests';
}

export interface ContainerRecommendation {
  containerName: string;
  lowerBound: Amounts;
  target: Amounts;
  uncappedTarget: Amounts;
  upperBound: Amounts;
}

export interface VpaCondition {
  type: string;
  status: 'True' | 'False';
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

export interface VerticalPodAutoscaler extends KubeObject {
  spec: {
    targetRef?: { apiVersion?: string; kind: string; name: string };
    updatePolicy?: { updateMode?: UpdateMode; minReplicas?: number; evictionRequirements?: EvictionRequirement[] };
    resourcePolicy?: { containerPolicies?: ContainerPolicy[] };
    recommenders?: { name: string }[];
  };
  status?: { conditions?: VpaCondition[]; recommendation?: { containerRecommendations?: ContainerRecommendation[] } };
}

/** What the containers of a pod used, as metrics.k8s.io says. */
export interface PodUsage {
  namespace: string;
  name: string;
  /** Milliseconds. */
  timestamp: number;
  containers: readonly { name: string; usage: Readonly<Record<string, string>> }[];
}

/** Throws when nobody answers. */
export type ReadUsage = () => readonly PodUsage[];

export const kind = 'VerticalPodAutoscaler';

/** Who writes nothing about it lets pods be made anew. */
export const modeOf = ({ spec }: VerticalPodAutoscaler): UpdateMode => spec.updatePolicy?.updateMode ?? 'Recreate';
