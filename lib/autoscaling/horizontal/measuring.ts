// What the measuring of each type of metric shares: question, answer, and failures that say where they come from.
import { parseQuantity, type Pod, Quantity, type Version } from '../../api/index.ts';
import type { MetricsSource, MetricSpec, MetricStatus, PodMetrics } from './types.ts';

export interface Measured {
  replicas: number;
  /** As messages name it: `cpu resource utilization (percentage of request)`. */
  name: string;
  status: MetricStatus;
}

/** Why a metric says nothing: `said` stands in the event and in the condition, the message in what is made of all metrics. */
export class MetricFailure extends Error {
  readonly reason: string;
  readonly said: string;
  constructor(reason: string, said: string, message: string) {
    super(message);
    this.reason = reason;
    this.said = said;
  }
}

export interface MetricQuestion {
  namespace: string;
  /** Of the scale. */
  selector: string;
  spec: number;
  status: number;
  pods(): readonly Pod[];
  now: number;
  source: MetricsSource;
  version: Version;
}

export type Measuring = (metric: MetricSpec, question: MetricQuestion) => Measured;

export const milli = (amount: string | number) => parseQuantity(amount).milliValue();
export const text = (amount: number) => new Quantity(BigInt(amount), -3, 'DecimalSI').toString();
const messageOf = (error: unknown) => (error as Error).message;

/** Runs `measure`; what it throws becomes a failure with this reason, told as it is, and with more before it elsewhere. */
export function failing<T>(reason: string, prefix: string, measure: () => T, inner = ''): T {
  try {
    return measure();
  } catch (error) {
    throw new MetricFailure(reason, messageOf(error), `${prefix}${inner}${messageOf(error)}`);
  }
}

export const within = <T>(prefix: string, act: () => T): T => failingAs(`${prefix}: `, act);

export function failingAs<T>(prefix: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new Error(`${prefix}${messageOf(error)}`);
  }
}

export const podsQuestion = (metrics: PodMetrics, { spec, pods, now, version }: MetricQuestion) => ({ current: spec, metrics, seen: { pods: pods(), now }, version });
