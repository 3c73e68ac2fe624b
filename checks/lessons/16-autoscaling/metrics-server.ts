// The metrics-server of an exercise, from the same manifest that the lesson applies.
import type { Stage } from '../../../lib/book/exercise.ts';

const manifest = 'https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml';
const flag = { op: 'add', path: '/spec/template/spec/containers/0/args/-', value: '--kubelet-insecure-tls' };

/** Kubelets sign their certificates themselves: only with `insecure` is there anything to read. */
export async function installMetricsServer({ kubectl }: Stage, { insecure = true } = {}): Promise<void> {
  await kubectl.text`apply -f ${manifest}`;
  if (insecure) await kubectl.text`patch deployment metrics-server -n kube-system --type=json -p ${JSON.stringify([flag])}`;
}
