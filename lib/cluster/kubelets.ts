// The API server's connections to the kubelets: logs, exec, port-forward.
import { badRequest, type Pod, StatusError } from '../api/index.ts';
import { type ApiServer, containerOfLog } from '../apiserver/index.ts';
import type { Handlers } from '../kubelet/index.ts';
import type { Dial, HttpResponse } from '../machine/index.ts';
import type { ClusterNetwork } from '../network/index.ts';
import type { Connection, Heard } from './calls.ts';
import type { ClusterNode } from './node.ts';

export interface Kubelets {
  /** The kubelet of a pod's node. Throws as kube-apiserver does when there is none. */
  of(pod: Pod): Handlers;
  /** What the kubelet of a node answers a GET with; on another port, whatever listens there. */
  page(node: string, path: string, port?: number): HttpResponse;
  /** What the API server asked of them, oldest first. */
  readonly calls: Heard<Connection>;
  /** A pod, and which of its containers is meant. */
  target(key: { namespace: string; name: string }, container?: string): { pod: Pod; container: string };
  /** What listens on a port inside the pod. */
  dial(pod: Pod, port: number): Dial;
}

export function connectKubelets({ server, nodes, network }: { server: ApiServer; nodes: ReadonlyMap<string, ClusterNode>; network: ClusterNetwork }): Kubelets {
  const calls: Connection[] = [];
  const after: number[] = [];
  const of = (pod: Pod): Handlers => {
    const name = pod.spec.nodeName;
    if (!name) throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
    return on(name);
  };
  const on = (name: string): Handlers => {
    const node = nodes.get(name);
    if (!node) throw new StatusError('', 500, `Get "https://${name}:10250/": dial tcp: lookup ${name}: no such host`);
    return heard(node.kubelet.handlers, (what) => {
      calls.push({ time: server.now, from: 'kube-apiserver', to: `kubelet/${name}`, what });
      after.push(server.requestCount);
    });
  };
  server.readLog = (object, container, { previous, tailLines, sinceSeconds, sinceTime, timestamps, limitBytes }) => {
    const pod = object as Pod;
    const since = sinceTime ? Date.parse(sinceTime) : sinceSeconds === undefined ? undefined : server.now - sinceSeconds * 1000;
    return of(pod).logs(pod, container, { previous, tailLines, timestamps, limitBytes, since });
  };
  return {
    of,
    calls: { calls, after },
    target({ namespace, name }, container) {
      const pod = server.storage.get(server.resourceOf('Pod'), namespace, name) as Pod;
      const found = { pod, container: containerOfLog(pod, container, server.version) };
      of(pod);
      return found;
    },
    page(name, path, port = 10250) {
      if (port === 10250) return on(name).page(path);
      const ip = nodes.get(name)?.machine.ip ?? '';
      const reached = network.dial({ node: name, ip }, ip, port);
      if (reached.error) throw new StatusError('ServiceUnavailable', 503, `error trying to reach service: dial tcp ${ip}:${port}: ${reached.error === 'refused' ? 'connect: connection refused' : 'i/o timeout'}`);
      return reached.listener({ method: 'GET', path, host: ip, port, from: reached.from ?? ip });
    },
    dial: (pod, port) => {
      of(pod);
      return network.dial({ node: pod.spec.nodeName!, ip: pod.status.podIP ?? '' }, pod.status.podIP ?? '', port);
    },
  };
}

function heard(handlers: Handlers, note: (what: string) => void): Handlers {
  const path = (pod: Pod, container: string) => `${pod.metadata.namespace}/${pod.metadata.name}/${container}`;
  return {
    logs: (pod, container, options) => (note(`GET /containerLogs/${path(pod, container)}`), handlers.logs(pod, container, options)),
    exec: (pod, container, command, options) => (note(`POST /exec/${path(pod, container)}`), handlers.exec(pod, container, command, options)),
    attach: (pod, container, options) => (note(`POST /attach/${path(pod, container)}`), handlers.attach(pod, container, options)),
    page: (path) => (note(`GET ${path}`), handlers.page(path)),
    session: (pod, container, command, options) => (note(`POST /exec/${path(pod, container)}`), handlers.session(pod, container, command, options)),
  };
}
