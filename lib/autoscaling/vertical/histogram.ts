// Where samples lie, with their weights; old ones count less and less (pkg/recommender/util).
// A bucket is 5 % wider than the one before it.
const ratio = 1.05;
const epsilon = 0.0001;
/** With larger exponents the numbers would get too large. */
const maxExponent = 100;
const maxCheckpointWeight = 10_000;

export interface HistogramOptions {
  /** The first bucket ends here. */
  first: number;
  /** Above there is one bucket for all. */
  max: number;
  /** After so many milliseconds a sample counts half. */
  halfLife: number;
}

export interface HistogramCheckpoint {
  referenceTimestamp: string;
  bucketWeights: Record<string, number>;
  totalWeight: number;
}

export class DecayingHistogram {
  readonly #options: HistogramOptions;
  readonly #weights = new Map<number, number>();
  #total = 0;
  /** Weights are as if it were this moment; a multiple of the half-life. */
  #reference = 0;

  constructor(options: HistogramOptions) {
    this.#options = options;
  }

  get empty(): boolean {
    return this.#total < epsilon;
  }

  add(value: number, weight: number, time: number): void {
    this.#put(value, weight * this.#factor(time));
  }

  subtract(value: number, weight: number, time: number): void {
    this.#put(value, -weight * this.#factor(time));
  }

  merge(other: DecayingHistogram): void {
    if (this.#reference < other.#reference) this.#shift(other.#reference);
    const scale = 2 ** ((other.#reference - this.#reference) / this.#options.halfLife);
    for (const [bucket, weight] of other.#weights) this.#weights.set(bucket, (this.#weights.get(bucket) ?? 0) + weight * scale);
    this.#total += other.#total * scale;
  }

  /** The end of the bucket below which this share of the weight lies. */
  percentile(share: number): number {
    if (this.empty) return 0;
    const buckets = [...this.#weights].filter(([, weight]) => weight >= epsilon).sort(([a], [b]) => a - b);
    let sum = 0;
    const found = buckets.find(([, weight]) => (sum += weight) >= share * this.#total) ?? buckets.at(-1);
    const bucket = found?.[0] ?? 0;
    return this.#start(bucket < this.#count - 1 ? bucket + 1 : bucket);
  }

  save(): HistogramCheckpoint {
    const greatest = Math.max(...this.#weights.values(), 0);
    const rounded = [...this.#weights].map(([bucket, weight]) => [bucket, Math.round((weight * maxCheckpointWeight) / greatest)] as const);
    return { referenceTimestamp: new Date(this.#reference).toISOString().replace('.000', ''), bucketWeights: Object.fromEntries(rounded.filter(([, weight]) => weight > 0)), totalWeight: this.#total };
  }

  load({ referenceTimestamp, bucketWeights, totalWeight }: HistogramCheckpoint): void {
    const sum = Object.values(bucketWeights).reduce((a, b) => a + b, 0);
    this.#reference = Date.parse(referenceTimestamp);
    this.#total += totalWeight;
    for (const [bucket, weight] of Object.entries(bucketWeights)) this.#weights.set(Number(bucket), (weight * totalWeight) / sum);
  }

  #put(value: number, weight: number): void {
    const bucket = this.#bucket(value);
    const positive = (amount: number) => (weight < 0 && amount < epsilon ? 0 : amount);
    this.#weights.set(bucket, positive((this.#weights.get(bucket) ?? 0) + weight));
    this.#total = positive(this.#total + weight);
  }

  #factor(time: number): number {
    const { halfLife } = this.#options;
    if (this.#reference === 0 || time > this.#reference + maxExponent * halfLife) this.#shift(time);
    return 2 ** ((time - this.#reference) / halfLife);
  }

  #shift(time: number): void {
    const { halfLife } = this.#options;
    const reference = Math.round(time / halfLife) * halfLife;
    const scale = 2 ** ((this.#reference - reference) / halfLife);
    for (const [bucket, weight] of this.#weights) this.#weights.set(bucket, weight * scale);
    this.#total *= scale;
    this.#reference = reference;
  }

  get #count(): number {
    return Math.ceil(logarithm((this.#options.max * (ratio - 1)) / this.#options.first + 1)) + 1;
  }

  #bucket(value: number): number {
    const { first } = this.#options;
    return value < first ? 0 : Math.min(Math.trunc(logarithm((value * (ratio - 1)) / first + 1)), this.#count - 1);
  }

  #start(bucket: number): number {
    return (this.#options.first * (ratio ** bucket - 1)) / (ratio - 1);
  }
}

const logarithm = (x: number) => Math.log(x) / Math.log(ratio);
