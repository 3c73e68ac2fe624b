// One look at an autoscaler, in a world that a recording describes.
import { type KubeObject, parseQuantity, resources, type Version } from '../../../lib/api/index.ts';
import { type Autoscaler, type AutoscalerStatus, reconcileAutoscaler, type World } from '../../../lib/autoscaling/index.ts';
import { compare, type Outcome } from '../replayer.ts';
import { historyOf, podOf, recordedFactor, type RecordedHistory, type RecordedPod, type RecordedSamples, samplesOf } from './recorded.ts';

interface Recorded extends RecordedHistory {
  hpaSpec: Autoscaler['spec'];
  pods: RecordedPod[];
  scale: { selector: string; specReplicas: number; statusReplicas: number };
  resourceMetrics: Record<string, RecordedSamples>;
  podsMetrics: Record<string, RecordedSamples>;
  externalMetrics: Record<string, string[]>;
}

const now = Date.UTC(2024, 0, 2);
const timestamp = '2024-01-02T00:00:00Z';

const metadataOf = (name: string) => ({ namespace: 'default', name, uid: '', resourceVersion: '', creationTimestamp: timestamp });

interface Seen {
  events: { message: string; reason: string; type: string }[];
  scaledTo?: number;
  status: AutoscalerStatus;
}

function worldOf(input: Recorded, seen: Seen, version: Version): World {
  const none = (api: string) => new Error(`no metrics returned from ${api} metrics API`);
  const samples = (table: Record<string, RecordedSamples>, name: string, api: string) => {
    const found = samplesOf(table[name] ?? {}, now);
    if (found.size === 0) throw none(api);
    return found;
  };
  const { specReplicas, statusReplicas, selector } = input.scale;
  return {
    ...{ version, now, timestamp, scaleUpFactor: recordedFactor },
    source: {
      resource: (_namespace, _selector, { name }) => samples(input.resourceMetrics, name, 'resource'),
      pods: (_namespace, _selector, { name }) => samples(input.podsMetrics, name, 'custom'),
      object() {
        throw new Error('the server could not find the metric');
      },
      external(_namespace, { name }) {
        const values = input.externalMetrics[name];
        if (!values) throw none('external');
        return values.map((value) => parseQuantity(value).milliValue());
      },
    },
    podsOf: () => input.pods.map((pod) => podOf(pod, now)),
    getScale: () => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: metadataOf('web'), spec: { replicas: specReplicas }, status: { replicas: statusReplicas, selector } }),
    updateScale: (scale) => void (seen.scaledTo = scale.spec.replicas ?? 0),
    updateStatus: (status) => void (seen.status = status),
    record: (type, reason, message) => void seen.events.push({ message, reason, type }),
  };
}

const convert = resources.find(({ kind }) => kind === 'HorizontalPodAutoscaler')!.convert!;
/** The controller of v1.20 reads and writes autoscaling/v1, which sorts metrics and fills in amounts. */
const throughV1 = (hpa: Autoscaler) => convert(convert(hpa as KubeObject, 'autoscaling/v1'), 'autoscaling/v2') as Autoscaler;

export function reconcile(input: Recorded, output: object, version: Version): Outcome {
  const given: Autoscaler = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: metadataOf('hpa'), spec: input.hpaSpec, status: { desiredReplicas: 0 } };
  const hpa = throughV1(given);
  const seen: Seen = { events: [], status: hpa.status };
  const answer: { error?: string } = {};
  try {
    reconcileAutoscaler(hpa, historyOf(input, now), worldOf(input, seen, version));
  } catch (error) {
    answer.error = (error as Error).message;
  }
  const { conditions = [], currentMetrics = null, currentReplicas, desiredReplicas, lastScaleTime } = throughV1({ ...hpa, status: seen.status }).status;
  const status = { conditions: conditions.map(({ type, status: is, reason, message }) => ({ message, reason, status: is, type })), currentMetrics, currentReplicas, desiredReplicas, scaled: lastScaleTime !== undefined };
  return compare({ ...answer, ...seen, status }, output);
}
