// What a look at an autoscaler needs of the world, and how it writes down what it saw.
import { equal, type Pod, type Version } from '../../api/index.ts';
import type { Telling } from './all-metrics.ts';
import type { Wish } from './normalize.ts';
import type { Autoscaler, AutoscalerStatus, MetricsSource, MetricStatus, Scale } from './types.ts';

/** What a look needs of the world. */
export interface World {
  version: Version;
  /** Milliseconds. */
  now: number;
  timestamp: string;
  source: MetricsSource;
  /** As a {@link Wish} has it. */
  scaleUpFactor?: Wish['scaleUpFactor'];
  podsOf(namespace: string, selector: string): readonly Pod[];
  /** Autoscalers that pods behind this selector belong to, this one among them: `[default/a default/b]` when they are several. */
  rivals?(selector: string): string | undefined;
  /** Throw an Error in the words of the API server. */
  getScale(): Scale;
  updateScale(scale: Scale): void;
  updateStatus(status: AutoscalerStatus): void;
  record: Telling['record'];
}

export interface Draft extends Telling {
  status: AutoscalerStatus;
}

export function statusOf({ conditions, lastScaleTime }: AutoscalerStatus, currentReplicas: number, desiredReplicas: number, statuses: MetricStatus[] | undefined): AutoscalerStatus {
  return { ...(lastScaleTime && { lastScaleTime }), currentReplicas, desiredReplicas, currentMetrics: statuses?.length ? statuses : null, ...(conditions && { conditions }) };
}

/** An unchanged status is not written; no list is as good as an empty one. */
export function write(hpa: Autoscaler, world: World, status: AutoscalerStatus): void {
  const plain = ({ currentMetrics, conditions, currentReplicas, ...rest }: AutoscalerStatus) => ({ ...rest, currentReplicas: currentReplicas ?? 0, currentMetrics: currentMetrics ?? [], conditions: conditions ?? [] });
  if (!equal(plain(status), plain(hpa.status ?? { desiredReplicas: 0 }))) world.updateStatus(status);
}
