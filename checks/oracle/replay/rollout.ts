// rollout.jsonl: arithmetic of rollouts, QoS classes and the like; one function a kind of case.
import { type Context, decode, type KubeObject, podQOSClass, resources, type Version } from '../../../lib/api/index.ts';
import { controllerCases } from '../controllers/rollout.ts';
import { kubeletCases } from '../kubelet/rollout.ts';
import { compare, type Outcome, type Replayer, skip } from '../replayer.ts';

type Replay = (input: any, output: any, version: Version) => Outcome;

interface Resources {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

const contextOf = (version: Version): Context => ({ version, now: '2024-01-01T00:00:00Z', namespace: 'default', find: () => undefined });

/** The class of a pod as it lies in the store: decoded and with defaults. */
const qos: Replay = ({ containers, initContainers }: { containers: Resources[]; initContainers?: Resources[] }, output, version) => {
  const list = (some: Resources[]) => some.map((one, i) => ({ name: `c${i}`, image: 'i', resources: one }));
  const spec = { containers: list(containers), ...(initContainers && { initContainers: list(initContainers) }) };
  const pod = structuredClone(decode('v1', 'Pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }, { version }).object) as unknown as KubeObject;
  resources.find(({ kind }) => kind === 'Pod')!.strategy!.defaults!(pod, contextOf(version));
  return compare({ qosClass: podQOSClass(pod.spec), resourcesAfterDefaulting: pod.spec.containers.map((one: { resources: Resources }) => one.resources) }, output);
};

const kinds: Record<string, Replay> = {
  ...controllerCases,
  ...kubeletCases,
  qos,
  statefulSet: () => skip('stateful sets come later'),
  statefulSetName: () => skip('stateful sets come later'),
  statefulSetIdentity: () => skip('stateful sets come later'),
  cronNext: () => skip('cron jobs come later'),
  cronMissed: () => skip('cron jobs come later'),
};

export const replayer: Replayer = {
  file: 'rollout.jsonl',
  replay: ({ kind, input, output }, { version }) => kinds[kind]?.(input, output, version) ?? skip('not built yet'),
};
