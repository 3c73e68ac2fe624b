// A recorded scheduler scenario: its objects as an API server would have stored them.
import { type Context, draft, findResource, freeze, type KubeObject, type Node, type Pod, type Version } from '../../../lib/api/index.ts';
import type { TestCase } from '../replayer.ts';

export interface Verdict {
  plugin: string;
  code: string;
  reasons: string[];
}

export interface Usage {
  milliCPU: number;
  memory: number;
  nonZeroMilliCPU: number;
  nonZeroMemory: number;
  ephemeralStorage?: number;
  scalar?: Record<string, number>;
}

/** What was recorded about one pending pod. */
export interface Recorded {
  pod: string;
  used: Record<string, Usage & { pods: number }>;
  podRequest: Usage;
  preFilter?: { code: string; reasons: string[] };
  filters: Record<string, Verdict[]>;
  fitError?: string;
  feasible?: string[];
  scores?: Record<string, Record<string, [raw: number, normalized: number]>>;
  totals?: Record<string, number>;
  best?: string[];
  boundTo?: string;
  extraScores?: Record<string, Record<string, number>>;
  preemption?: RecordedPreemption;
}

export interface RecordedPreemption {
  eligible: boolean;
  /** Nodes where it helps to remove nothing. */
  unresolvableNodes: string[] | null;
  candidates: { node: string; victims: string[]; numPDBViolations: number }[] | null;
  nominated: string[] | null;
  then?: { boundTo: string; removed: string[] };
}

export interface Scenario {
  nodes: Node[];
  /** Pods that have a node. */
  pods: Pod[];
  objects: KubeObject[];
  pending: Pod[];
  results: Recorded[];
}

const further = ['services', 'replicaSets', 'pvcs', 'pvs', 'storageClasses', 'pdbs'];

export function readScenario(testCase: TestCase, version: Version): Scenario {
  const complete = <T extends KubeObject>(object: KubeObject, phase?: string): T => {
    const resource = findResource(object.kind)!;
    const out = draft(object);
    const namespace = resource.namespaced ? (out.metadata.namespace ??= 'default') : '';
    out.metadata.uid ||= `uid-${object.kind}-${namespace}-${out.metadata.name}`;
    const context: Context = { version, now: '2024-01-02T00:00:00Z', namespace, find: () => undefined };
    resource.strategy?.defaults?.(out, context);
    if (phase && !out.status?.phase) out.status = { ...out.status, phase };
    return freeze(out) as T;
  };
  return {
    nodes: testCase['nodes'].map((node: KubeObject) => complete<Node>(node)),
    pods: testCase['pods'].map((pod: KubeObject) => complete<Pod>(pod, 'Running')),
    pending: testCase['pending'].map((pod: KubeObject) => complete<Pod>(pod, 'Pending')),
    objects: further.flatMap((field) => testCase[field] ?? []).map((object: KubeObject) => complete(object)),
    results: testCase['results'],
  };
}

/** The pods after one attempt ended as recorded. */
export function afterwards(pods: readonly Pod[], pod: Pod, { boundTo, preemption }: Recorded, at: string): Pod[] {
  const node = boundTo ?? preemption?.then?.boundTo;
  if (!node) return [...pods];
  const removed = new Set(preemption?.then?.removed);
  const kept = pods.filter(({ metadata }) => !removed.has(`${metadata.namespace}/${metadata.name}`));
  return [...kept, freeze({ ...pod, spec: { ...pod.spec, nodeName: node }, status: { ...pod.status, phase: 'Running', startTime: at } })];
}
