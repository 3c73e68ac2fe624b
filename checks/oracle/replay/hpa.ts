// hpa.jsonl: what a HorizontalPodAutoscaler reckons, one function a kind of case. Ages are seconds before `now`.
import { parseQuantity, type Pod, type Version } from '../../../lib/api/index.ts';
import { averageReplicas, type Behavior, type Condition, type History, normalize, sharedReplicas, storeScaleEvent, utilizationReplicas, valueReplicas, withCondition } from '../../../lib/autoscaling/index.ts';
import { historyOf, podOf, recordedFactor, type RecordedHistory, type RecordedPod, type RecordedSamples, samplesOf } from '../autoscaling/recorded.ts';
import { reconcile } from '../autoscaling/reconcile.ts';
import { compare, type Outcome, type Replayer, skip } from '../replayer.ts';

type Replay = (input: any, output: any, version: Version) => Outcome;

const now = Date.UTC(2024, 0, 2);
const milli = (text: string) => parseQuantity(text).milliValue();

/** The answer, or the text of what was thrown. */
function answerOf(act: () => object): object {
  try {
    return act();
  } catch (error) {
    return { error: (error as Error).message };
  }
}

interface OfPods {
  currentReplicas: number;
  pods: RecordedPod[];
  metrics?: RecordedSamples;
  resource: string;
}

/** An API without a single sample is a fault of its own, which the source tells. */
function questionOf({ currentReplicas, pods, metrics = {} }: OfPods, none: string, version: Version) {
  if (Object.keys(metrics).length === 0) throw new Error(none);
  return { current: currentReplicas, metrics: samplesOf(metrics, now), seen: { pods: pods.map((pod) => podOf(pod, now)), now }, version };
}

const noSamples = (resource: string) => `unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`;

const utilization: Replay = (input: OfPods & { targetUtilization: number }, output, version) =>
  compare(
    answerOf(() => {
      const { replicas, utilization: share, amount } = utilizationReplicas({ name: input.resource }, input.targetUtilization, questionOf(input, noSamples(input.resource), version));
      return { rawMilli: amount, replicas, utilization: share };
    }),
    output,
  );

const average = (none: (input: OfPods) => string): Replay => (input: OfPods & { targetAverageValue: string }, output, version) =>
  compare(
    answerOf(() => {
      const { replicas, amount } = averageReplicas(input.resource ?? '', milli(input.targetAverageValue), questionOf(input, none(input), version));
      return { averageMilli: amount, replicas };
    }),
    output,
  );

interface OfNumber {
  currentReplicas: number;
  pods: RecordedPod[];
  value?: string;
  values?: string[];
  targetValue: string;
  targetAverageValue: string;
}

const amountOf = ({ value, values = [value!] }: OfNumber) => values.reduce((sum, one) => sum + milli(one), 0);
const told = ({ replicas, amount }: { replicas: number; amount: number }) => ({ milli: amount, replicas });
const value: Replay = (input: OfNumber, output) =>
  compare(answerOf(() => told(valueReplicas(amountOf(input), milli(input.targetValue), { current: input.currentReplicas, pods: input.pods.map((pod): Pod => podOf(pod, now)) }))), output);
const shared: Replay = (input: OfNumber, output) => compare(answerOf(() => told(sharedReplicas(amountOf(input), milli(input.targetAverageValue), input.currentReplicas))), output);

interface OfWish extends RecordedHistory {
  currentReplicas: number;
  desiredReplicas: number;
  minReplicas: number;
  maxReplicas: number;
  behaviorDefaulted?: Behavior | null;
}

/** Normalizes, and says which conditions were set. */
function normalized({ currentReplicas, desiredReplicas, minReplicas, maxReplicas, behaviorDefaulted }: OfWish, history: History, at: number, version: Version) {
  let conditions: Condition[] = [];
  const wish = { desired: desiredReplicas, current: currentReplicas, min: minReplicas, max: maxReplicas, behavior: behaviorDefaulted ?? undefined, scaleUpFactor: recordedFactor, history, now: at, version };
  const replicas = normalize(wish, (type, status, reason, message) => {
    conditions = withCondition(conditions, { type, status, reason, message }, '');
  });
  return { conditions: conditions.map(({ type, status, reason, message }) => ({ message, reason, status, type })), replicas };
}

const one: Replay = (input: OfWish, output, version) => {
  const history = historyOf(input, now);
  const kept = () => ('recommendationsKept' in output ? { recommendationsKept: history.recommendations.length } : {});
  return compare({ ...normalized(input, history, now, version), ...kept() }, output);
};

interface OfSequence extends OfWish {
  startReplicas: number;
  steps: { atSeconds: number; desiredReplicas: number }[];
}

const sequence: Replay = (input: OfSequence, output, version) => {
  let current = input.startReplicas;
  // The controller begins with what it finds.
  const history = historyOf({ recommendations: [{ replicas: current, ageSeconds: -input.steps[0]!.atSeconds }] }, now);
  const steps = input.steps.map(({ atSeconds, desiredReplicas }) => {
    const at = now + atSeconds * 1000;
    const step = normalized({ ...input, currentReplicas: current, desiredReplicas }, history, at, version);
    if (input.behaviorDefaulted && step.replicas !== current) storeScaleEvent(history, input.behaviorDefaulted, { from: current, to: step.replicas, now: at });
    current = step.replicas;
    return step;
  });
  return compare({ steps }, output);
};

const kinds: Record<string, Replay> = {
  utilization,
  averageValue: average(({ resource }) => noSamples(resource)),
  podsMetric: average(() => 'unable to get metric rps: no metrics returned from custom metrics API'),
  objectValue: value,
  externalValue: value,
  objectAverage: shared,
  externalAverage: shared,
  normalize: one,
  behavior: one,
  sequence,
  reconcile,
};

export const replayer: Replayer = {
  file: 'hpa.jsonl',
  replay: ({ kind, input, output }, { version }) => kinds[kind]?.(input, output, version) ?? skip('not built yet'),
};
