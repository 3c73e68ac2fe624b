// How much a pod asks for and a node has.
import { bytes, cpuMilli, type Container, type PodSpec, type Version } from '../api/index.ts';

type ResourceList = Record<string, string> | undefined;

/** Amounts: milli-cores, bytes, pieces. `scalars` holds extended resources, huge pages and attachable volumes. */
export interface Resource {
  milliCPU: number;
  memory: number;
  ephemeralStorage: number;
  scalars: Record<string, number> | undefined;
}

export interface CpuAndMemory {
  milliCPU: number;
  memory: number;
}

/** What a container without requests counts as when nodes are compared, so that such pods spread too. */
const defaultMilliCPU = 100;
const defaultMemory = 200 * 1024 * 1024;

export const emptyResource = (): Resource => ({ milliCPU: 0, memory: 0, ephemeralStorage: 0, scalars: undefined });

const isScalar = (name: string) => name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-');

export function toResource(list: ResourceList): Resource {
  const out = emptyResource();
  out.milliCPU = cpuMilli(list?.['cpu']);
  out.memory = bytes(list?.['memory']);
  out.ephemeralStorage = bytes(list?.['ephemeral-storage']);
  for (const name in list) if (isScalar(name)) (out.scalars ??= {})[name] = bytes(list[name]);
  return out;
}

/** `into += sign * amount`, in place. */
export function addResource(into: Resource, amount: Resource, sign: 1 | -1 = 1): void {
  into.milliCPU += sign * amount.milliCPU;
  into.memory += sign * amount.memory;
  into.ephemeralStorage += sign * amount.ephemeralStorage;
  for (const name in amount.scalars) {
    const scalars = (into.scalars ??= {});
    scalars[name] = (scalars[name] ?? 0) + sign * amount.scalars[name]!;
  }
}

function maxResource(into: Resource, amount: Resource): void {
  into.milliCPU = Math.max(into.milliCPU, amount.milliCPU);
  into.memory = Math.max(into.memory, amount.memory);
  into.ephemeralStorage = Math.max(into.ephemeralStorage, amount.ephemeralStorage);
  for (const name in amount.scalars) {
    const scalars = (into.scalars ??= {});
    scalars[name] = Math.max(scalars[name] ?? 0, amount.scalars[name]!);
  }
}

/** Containers run together, init containers one by one before them, sidecars beside all that follow. */
function combine(spec: PodSpec, of: (container: Container) => Resource): Resource {
  const sum = emptyResource();
  for (const container of spec.containers) addResource(sum, of(container));
  if (!spec.initContainers?.length) return sum;
  const sidecars = emptyResource();
  const peak = emptyResource();
  for (const container of spec.initContainers) {
    const step = of(container);
    if (container.restartPolicy === 'Always') {
      addResource(sum, step);
      addResource(sidecars, step);
      maxResource(peak, sidecars);
    } else {
      addResource(step, sidecars);
      maxResource(peak, step);
    }
  }
  maxResource(sum, peak);
  return sum;
}

const requestsOf = (container: Container) => toResource(container.resources?.requests);

/** With stand-ins for a missing cpu or memory request. */
function nonZeroRequestsOf(container: Container): Resource {
  const requests = container.resources?.requests;
  const out = toResource(requests);
  if (requests?.['cpu'] === undefined) out.milliCPU = defaultMilliCPU;
  if (requests?.['memory'] === undefined) out.memory = defaultMemory;
  return out;
}

export interface PodRequest {
  /** What filters count. */
  request: Resource;
  /** What the pod weighs on a node when nodes are compared. */
  nonZero: CpuAndMemory;
  /** What the pod weighs while a node is looked for. */
  scored: CpuAndMemory;
}

export function podRequest(spec: PodSpec, version: Version): PodRequest {
  const request = combine(spec, requestsOf);
  const { milliCPU, memory } = combine(spec, nonZeroRequestsOf);
  const overhead = toResource(spec.overhead);
  addResource(request, overhead);
  const nonZero = { milliCPU: milliCPU + overhead.milliCPU, memory: memory + overhead.memory };
  const scored = version.has('score-overhead-in-milli') ? nonZero : { milliCPU: milliCPU + bytes(spec.overhead?.['cpu']), memory: nonZero.memory };
  return { request, nonZero, scored };
}
