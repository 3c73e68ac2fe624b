// The short forms of pods, samples and histories in hpa.jsonl, as the objects that they stand for.
import { parseQuantity, type Pod } from '../../../lib/api/index.ts';
import type { History, PodMetrics } from '../../../lib/autoscaling/index.ts';

export interface RecordedPod {
  name: string;
  phase: string;
  ready?: string;
  startedSecondsAgo: number | null;
  readyChangedSecondsAgo: number | null;
  deleting?: boolean;
  requests: Record<string, string>;
}

const before = (now: number, seconds: number) => new Date(now - seconds * 1000).toISOString();

export function podOf({ name, phase, ready, startedSecondsAgo, readyChangedSecondsAgo, deleting, requests }: RecordedPod, now: number): Pod {
  const condition = ready && { type: 'Ready', status: ready, ...(readyChangedSecondsAgo !== null && { lastTransitionTime: before(now, readyChangedSecondsAgo) }) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'default', name, labels: { app: 'web' }, ...(deleting && { deletionTimestamp: before(now, 0) }) },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests } }] },
    status: { phase, ...(startedSecondsAgo !== null && { startTime: before(now, startedSecondsAgo) }), conditions: condition ? [condition] : [] },
  } as unknown as Pod;
}

export type RecordedSamples = Record<string, { value: string; ageSeconds: number; windowSeconds: number }>;

export const samplesOf = (samples: RecordedSamples, now: number): PodMetrics =>
  new Map(Object.entries(samples).map(([pod, { value, ageSeconds, windowSeconds }]) => [pod, { value: parseQuantity(value).milliValue(), timestamp: now - ageSeconds * 1000, window: windowSeconds * 1000 }]));

export interface RecordedHistory {
  recommendations?: { replicas: number; ageSeconds: number }[] | null;
  scaleUpEvents?: { change: number; ageSeconds: number }[] | null;
  scaleDownEvents?: { change: number; ageSeconds: number }[] | null;
}

export function historyOf({ recommendations, scaleUpEvents, scaleDownEvents }: RecordedHistory, now: number): History {
  const at = (ageSeconds: number) => now - ageSeconds * 1000;
  const events = (list: RecordedHistory['scaleUpEvents']) => (list ?? []).map(({ change, ageSeconds }) => ({ change, at: at(ageSeconds) }));
  return { recommendations: (recommendations ?? []).map(({ replicas, ageSeconds }) => ({ replicas, at: at(ageSeconds) })), ups: events(scaleUpEvents), downs: events(scaleDownEvents) };
}

/**
 * The recorder is a test of Kubernetes' own package, whose init() sets scaleUpLimitFactor to 8
 * (pkg/controller/podautoscaler/horizontal_test.go): the controller that is shipped has 2.
 */
export const recordedFactor = 8;
