// What listens on the control plane's machine beside the API server: etcd, the scheduler, the controller-manager.
import type { ChangeName, Version } from '../api/index.ts';
import type { Answering, HttpResponse, ServerCertificate } from '../machine/index.ts';

interface Listening {
  port: number;
  process: string;
  /** Speaks HTTPS; otherwise HTTP, or, of etcd, to nobody without a certificate. */
  secure?: boolean;
  /** Since when it does not listen any more. */
  until?: ChangeName;
}

/** Differs from Kubernetes: every port is open on all addresses, as without flags; kubeadm binds 10257, 10259 and 2381 to 127.0.0.1, and closed 10251 and 10252 (`--port=0`) before they went. */
const all: readonly Listening[] = [
  { port: 6443, process: 'kube-apiserver', secure: true },
  { port: 2379, process: 'etcd', secure: true },
  { port: 2380, process: 'etcd', secure: true },
  { port: 2381, process: 'etcd' },
  { port: 10251, process: 'kube-scheduler', until: 'scheduler-secure-only' },
  { port: 10259, process: 'kube-scheduler', secure: true },
  { port: 10252, process: 'kube-controller-manager', until: 'controller-manager-secure-only' },
  { port: 10257, process: 'kube-controller-manager', secure: true },
];

export interface ControlPlanePorts {
  listener(port: number): Answering | undefined;
  /** Port → process, as `ss -tlnp` shows them now. */
  open(): [port: number, process: string][];
}

export function controlPlanePorts({ version, running }: { version: Version; running(process: string): boolean }): ControlPlanePorts {
  const listeners = new Map(all.filter(({ until }) => !until || !version.has(until)).map((one) => [one.port, { ...one, answer: answering(one) }]));
  return {
    listener(port) {
      const found = listeners.get(port);
      return found && running(found.process) ? found.answer : undefined;
    },
    open: () => [...listeners.values()].filter(({ process }) => running(process)).map(({ port, process }): [number, string] => [port, process]),
  };
}

/** Of etcd and of the API server, who are asked in other ways, only that somebody is there. */
function answering({ process, secure }: Listening): Answering {
  const certificate: ServerCertificate | undefined = secure ? { subject: `localhost@${process}`, names: ['localhost'], trusted: false } : undefined;
  const healthy = ({ path }: { path: string }): HttpResponse => ({ ...page(process, path), ...(certificate && { certificate }) });
  return Object.assign(healthy, certificate && { certificate });
}

/** Whether it is well may be asked by anybody; for the rest one has to be somebody. */
function page(process: string, path: string): HttpResponse {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
  const paths = process === 'etcd' ? ['/health'] : ['/healthz', '/readyz', '/livez'];
  if (!paths.includes(path.split('?')[0]!)) return process === 'etcd' ? { status: 404, headers, body: '404 page not found\n' } : { status: 403, headers, body: `forbidden: User "system:anonymous" cannot get path ${JSON.stringify(path)}\n` };
  return { status: 200, headers, body: process === 'etcd' ? '{"health":"true","reason":""}' : 'ok' };
}
