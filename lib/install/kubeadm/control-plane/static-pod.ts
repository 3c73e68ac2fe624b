// A static pod of the control plane as a file (cmd/kubeadm/app/util/staticpod).
import { parseGoDuration, printYaml } from '../../../kubectl/index.ts';
import type { KubeadmHost } from '../host.ts';

export interface Volume {
  name: string;
  hostPath: string;
  mountPath: string;
  readOnly?: boolean;
  type?: string;
}

export interface ProbeTarget {
  host: string;
  path: string;
  port: number;
  scheme: 'HTTP' | 'HTTPS';
}

export interface ComponentPod {
  name: string;
  image: string;
  command: readonly string[];
  /** By name. */
  volumes: readonly Volume[];
  /** In this order; by name when missing. */
  mounts?: readonly Volume[];
  probes: Record<string, object>;
  requests: Record<string, string>;
  env?: readonly { name: string; value: string }[];
  annotations?: Record<string, string>;
}

const probe = ({ host, ...get }: ProbeTarget, [initialDelaySeconds, timeoutSeconds, failureThreshold, periodSeconds]: readonly [number, number, number, number]) => ({
  httpGet: { ...(host && { host }), ...get },
  ...(initialDelaySeconds && { initialDelaySeconds }),
  timeoutSeconds,
  failureThreshold,
  periodSeconds,
});

export const livenessProbe = (target: ProbeTarget) => probe(target, [10, 15, 8, 10]);
export const readinessProbe = (target: ProbeTarget) => probe(target, [0, 15, 3, 1]);
/** As often as the time for the whole control plane allows. */
export const startupProbe = (target: ProbeTarget, timeout = '4m0s') => probe(target, [10, 15, Math.ceil((parseGoDuration(timeout) ?? 0) / 10_000), 10]);

/** An unspecified address is asked by the address of the pod. */
export const probeAddress = (address: string | undefined): string => (address === '0.0.0.0' || address === '::' ? '' : address || '127.0.0.1');

/** `--name=value`, sorted by name; what was asked for goes before what is usual. */
export function argumentList(usual: Readonly<Record<string, string>>, given: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries({ ...usual, ...given }).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `--${name}=${value}`);
}

const byName = (a: Volume, b: Volume) => (a.name < b.name ? -1 : 1);

export function podManifest({ name, image, command, volumes, mounts = [...volumes].sort(byName), probes, requests, env = [], annotations }: ComponentPod): string {
  return printYaml({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'kube-system', creationTimestamp: null, labels: { component: name, tier: 'control-plane' }, ...(annotations && { annotations }) },
    spec: {
      containers: [
        {
          name,
          image,
          imagePullPolicy: 'IfNotPresent',
          command,
          ...(env.length > 0 && { env }),
          ...probes,
          resources: { requests },
          volumeMounts: mounts.map(({ name: volume, mountPath, readOnly }) => ({ mountPath, name: volume, ...(readOnly && { readOnly }) })),
        },
      ],
      priorityClassName: 'system-node-critical',
      hostNetwork: true,
      volumes: [...volumes].sort(byName).map(({ name: volume, hostPath, type = 'DirectoryOrCreate' }) => ({ name: volume, hostPath: { path: hostPath, ...(type && { type }) } })),
    },
    status: {},
  });
}

export function writeManifest({ files }: KubeadmHost, folder: string, name: string, text: string): void {
  files.makeDirectories(folder, 0o700);
  files.write(`${folder}/${name}.yaml`, text, 0o600);
}
