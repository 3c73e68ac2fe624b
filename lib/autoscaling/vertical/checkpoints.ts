// The history outlives the recommender: it lies in VerticalPodAutoscalerCheckpoints (pkg/recommender/checkpoint).
import type { KubeObject } from '../../api/index.ts';
import { type Client, keyText } from '../../client/index.ts';
import { ContainerAggregate, type CheckpointStatus } from './aggregate.ts';
import type { VerticalPodAutoscaler } from './types.ts';

const kind = 'VerticalPodAutoscalerCheckpoint';

interface Checkpoint extends KubeObject {
  spec: { vpaObjectName: string; containerName: string };
  status: CheckpointStatus;
}

export class Checkpoints {
  readonly #client: Client;
  /** What was there when this recommender began, by object and container. */
  readonly #initial = new Map<string, ContainerAggregate>();
  readonly #loaded = new Set<string>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Of an earlier life, by the names of containers. */
  of(vpa: VerticalPodAutoscaler): [string, ContainerAggregate][] {
    const key = keyText(vpa.metadata);
    if (!this.#loaded.has(key)) this.#load(vpa, key);
    return [...this.#initial].filter(([name]) => name.startsWith(`${key}/`)).map(([name, aggregate]) => [name.slice(key.length + 1), aggregate]);
  }

  write(vpa: VerticalPodAutoscaler, aggregates: ReadonlyMap<string, ContainerAggregate>): void {
    const { namespace, name } = vpa.metadata;
    for (const [container, aggregate] of aggregates) {
      if (aggregate.samples === 0) continue;
      const metadata = { namespace: namespace!, name: `${name}-${container}` };
      const status = aggregate.save(this.#client.clock.now);
      if (this.#client.find(kind, metadata)) this.#client.patch(kind, metadata, { status: { ...status, ...this.#cleared(metadata, status) } }, { type: 'merge' });
      else this.#client.create({ apiVersion: 'autoscaling.k8s.io/v1', kind, metadata, spec: { vpaObjectName: name, containerName: container }, status } as unknown as KubeObject);
    }
  }

  /** A merge takes nothing away by itself: buckets that are empty now are named. */
  #cleared(metadata: { namespace: string; name: string }, status: CheckpointStatus) {
    const before = (this.#client.find(kind, metadata) as Checkpoint | undefined)?.status;
    const of = (part: 'cpuHistogram' | 'memoryHistogram') => ({ ...status[part], bucketWeights: { ...Object.fromEntries(Object.keys(before?.[part]?.bucketWeights ?? {}).map((bucket) => [bucket, null])), ...status[part].bucketWeights } });
    return { cpuHistogram: of('cpuHistogram'), memoryHistogram: of('memoryHistogram') };
  }

  #load(vpa: VerticalPodAutoscaler, key: string): void {
    this.#loaded.add(key);
    const { namespace, name } = vpa.metadata;
    for (const { spec, status } of [...this.#client.cache(kind).inNamespace(namespace!)] as Checkpoint[]) {
      if (spec.vpaObjectName === name && status?.version === 'v3') this.#initial.set(`${key}/${spec.containerName}`, ContainerAggregate.load(status));
    }
  }
}
