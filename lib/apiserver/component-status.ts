// GET componentstatuses: who of the control plane answers.
import { type KubeObject, StatusError } from '../api/index.ts';
import type { ApiRequest, ObjectList } from './request.ts';

const components: [name: string, process: string, port: number, answer: string][] = [
  ['controller-manager', 'kube-controller-manager', 10252, 'ok'],
  ['scheduler', 'kube-scheduler', 10251, 'ok'],
  ['etcd-0', 'etcd', 2379, '{"health":"true"}'],
];

export function componentStatuses({ verb, name = '' }: ApiRequest, isRunning: (process: string) => boolean): KubeObject | ObjectList {
  const items = components.map(([component, process, port, answer]) => {
    const healthy = isRunning(process);
    const message = healthy ? answer : `Get "http://127.0.0.1:${port}/healthz": dial tcp 127.0.0.1:${port}: connect: connection refused`;
    return { kind: 'ComponentStatus', apiVersion: 'v1', metadata: { name: component, creationTimestamp: null }, conditions: [{ type: 'Healthy', status: healthy ? 'True' : 'False', message }] } as unknown as KubeObject;
  });
  if (verb === 'list') return { kind: 'ComponentStatusList', apiVersion: 'v1', metadata: {} as ObjectList['metadata'], items };
  const one = items.find(({ metadata }) => metadata.name === name);
  if (!one) throw new StatusError('', 500, `Component not found: ${name}`);
  return one;
}
