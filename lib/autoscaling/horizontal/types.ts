// The shapes that a HorizontalPodAutoscaler is made of (autoscaling/v2), and what is measured for it.
import type { KubeObject, Pod } from '../../api/index.ts';

export interface LabelSelectorShape {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

export interface MetricTarget {
  type?: string;
  value?: string | number;
  averageValue?: string | number;
  averageUtilization?: number;
}

export interface MetricName {
  name: string;
  selector?: LabelSelectorShape;
}

export interface ObjectReference {
  kind: string;
  name: string;
  apiVersion?: string;
}

export interface MetricSpec {
  type: string;
  resource?: { name: string; target: MetricTarget };
  containerResource?: { name: string; container: string; target: MetricTarget };
  pods?: { metric: MetricName; target: MetricTarget };
  object?: { describedObject: ObjectReference; metric: MetricName; target: MetricTarget };
  external?: { metric: MetricName; target: MetricTarget };
}

export interface MetricStatus {
  type: string;
  [source: string]: unknown;
}

export interface Policy {
  type: string;
  value: number;
  periodSeconds: number;
}

export interface Rules {
  stabilizationWindowSeconds?: number;
  selectPolicy?: string;
  policies: Policy[];
}

export interface Behavior {
  scaleUp: Rules;
  scaleDown: Rules;
}

export interface Condition {
  type: 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
  status: 'True' | 'False' | 'Unknown';
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

export interface AutoscalerStatus {
  currentReplicas?: number;
  desiredReplicas: number;
  lastScaleTime?: string;
  currentMetrics?: MetricStatus[] | null;
  conditions?: Condition[];
}

export interface Autoscaler extends KubeObject {
  spec: { scaleTargetRef: ObjectReference; minReplicas?: number; maxReplicas: number; metrics?: MetricSpec[]; behavior?: Behavior };
  status: AutoscalerStatus;
}

/** autoscaling/v1 Scale. */
export interface Scale extends KubeObject {
  spec: { replicas?: number };
  status: { replicas: number; selector?: string };
}

/** A sample of one pod, in thousandths. */
export interface PodMetric {
  value: number;
  /** Milliseconds; missing for one that was assumed. */
  timestamp: number;
  window: number;
}

/** By name of pod. */
export type PodMetrics = Map<string, PodMetric>;

/** Where measurements come from. Each throws an Error that says what is missing. */
export interface MetricsSource {
  resource(namespace: string, selector: string, resource: { name: string; container?: string }): PodMetrics;
  pods(namespace: string, selector: string, metric: MetricName): PodMetrics;
  /** A number of thousandths. */
  object(namespace: string, object: ObjectReference, metric: MetricName): number;
  external(namespace: string, metric: MetricName): number[];
}

/** What a count of replicas is reckoned from. */
export interface PodsSeen {
  pods: readonly Pod[];
  /** Milliseconds. */
  now: number;
}

/** How many there should be, and how much there is of what is measured. */
export interface Proposal {
  replicas: number;
  /** In thousandths. */
  amount: number;
  /** In percent of what is requested. */
  utilization?: number;
}
