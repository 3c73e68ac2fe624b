// What containers of one name used: all of them together, over time (pkg/recommender/model).
import { timestamp } from '../../sim/index.ts';
import { DecayingHistogram, type HistogramCheckpoint } from './histogram.ts';

const day = 24 * 3_600_000;
const minSampleWeight = 0.1;
const MiB = 2 ** 20;

export interface CheckpointStatus {
  version: string;
  lastUpdateTime?: string;
  firstSampleStart: string;
  lastSampleStart: string;
  totalSamplesCount: number;
  cpuHistogram: HistogramCheckpoint;
  memoryHistogram: HistogramCheckpoint;
}

export class ContainerAggregate {
  /** Cores. */
  readonly cpu = new DecayingHistogram({ first: 0.01, max: 1000, halfLife: day });
  /** Bytes: the peaks of single days. */
  readonly memory = new DecayingHistogram({ first: 1e7, max: 1e12, halfLife: day });
  first = Infinity;
  last = 0;
  samples = 0;

  addCpu(cores: number, time: number): void {
    this.cpu.add(cores, minSampleWeight, time);
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.samples++;
  }

  merge(other: ContainerAggregate): void {
    this.cpu.merge(other.cpu);
    this.memory.merge(other.memory);
    this.first = Math.min(this.first, other.first);
    this.last = Math.max(this.last, other.last);
    this.samples += other.samples;
  }

  /** For how many days there has been a sample a minute. */
  get confidence(): number {
    return this.samples === 0 ? 0 : Math.min((this.last - this.first) / day, this.samples / (day / 60_000));
  }

  save(now: number): CheckpointStatus {
    return { version: 'v3', lastUpdateTime: timestamp(now), firstSampleStart: timestamp(this.first), lastSampleStart: timestamp(this.last), totalSamplesCount: this.samples, cpuHistogram: this.cpu.save(), memoryHistogram: this.memory.save() };
  }

  static load(status: CheckpointStatus): ContainerAggregate {
    const aggregate = new ContainerAggregate();
    Object.assign(aggregate, { first: Date.parse(status.firstSampleStart), last: Date.parse(status.lastSampleStart), samples: status.totalSamplesCount });
    aggregate.cpu.load(status.cpuHistogram);
    aggregate.memory.load(status.memoryHistogram);
    return aggregate;
  }
}

/** One container of one pod: its samples go into an aggregate, of its memory only the highest of each day. */
export class ContainerHistory {
  readonly aggregate: ContainerAggregate;
  #lastCpu = 0;
  #windowEnd = 0;
  #peak = 0;

  constructor(aggregate: ContainerAggregate) {
    this.aggregate = aggregate;
  }

  addCpu(cores: number, time: number): void {
    if (time <= this.#lastCpu) return;
    this.#lastCpu = time;
    this.aggregate.addCpu(cores, time);
  }

  addMemory(bytes: number, time: number): void {
    if (this.#windowEnd === 0) this.#windowEnd = time;
    if (time >= this.#windowEnd) {
      this.#windowEnd += Math.trunc((time - this.#windowEnd) / day) * day + day;
      this.#peak = 0;
    } else if (bytes <= this.#peak) return;
    else this.aggregate.memory.subtract(this.#peak, 1, this.#windowEnd);
    this.#peak = bytes;
    this.aggregate.memory.add(bytes, 1, this.#windowEnd);
  }

  /** It was killed for want of memory: it needs a fifth more than it had, 100 MiB at least. */
  outOfMemory(requested: number, time: number): void {
    const used = Math.max(requested, this.#peak);
    this.addMemory(Math.max(used + 100 * MiB, Math.trunc(used * 1.2)), time);
  }
}
