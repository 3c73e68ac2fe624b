// The learner's desk: kubectl, and the files it reads.
import type { ApiServer } from '../apiserver/index.ts';
import type { Client } from '../client/index.ts';
import { createKubectl, type Kubectl, type KubectlOptions } from '../kubectl/index.ts';
import type { Loop } from '../sim/index.ts';
import type { Kubelets } from './kubelets.ts';
import { rawNodePage } from './node-proxy.ts';
import { rawObjectPage } from './object-proxy.ts';
import { printToCell } from './print.ts';
import { published } from './published/index.ts';

export interface Workstation {
  /** kubectl as it is typed: ``await kubectl`get pods` `` prints; `.text` and `.json` return. */
  readonly kubectl: Kubectl;
  /** Puts a file on the workstation, for `kubectl apply -f PATH`. */
  file(path: string, text: string): void;
  /** The workstation's files. */
  readonly files: Map<string, string>;
}

export interface WorkstationParts {
  client: Client;
  server: ApiServer;
  loop: Loop;
  /** As the API server reaches them. */
  kubelets: Kubelets;
  /** True while the API server answers. */
  serves(): boolean;
  /** What the firewalls of its machine make of a connection from the workstation. */
  meets(): 'accept' | 'drop' | 'reject';
  /** kubectl as another user (--as). */
  clientAs(name: string, groups: readonly string[]): Client;
  /** kubectl with a bearer token. */
  clientWith(token: string): Client;
  print?(text: string): void;
}

/** Where requests of kubectl come from. */
export const workstationAddress = '192.168.0.10';

/** Typing and the network: what the cluster does in this time (milliseconds) is there when the next command looks. */
const commandTime = 100;

export function createWorkstation(parts: WorkstationParts): Workstation {
  const files = new Map<string, string>();
  const kubectl = createKubectl({ ...kubectlOptions(parts), files, print: parts.print ?? printToCell });
  return { kubectl, files, file: (path, text) => void files.set(path, text) };
}

/** How kubectl reaches the cluster, wherever it is typed. */
export function kubectlOptions({ client, clientAs, clientWith, server, loop, kubelets, serves, meets }: WorkstationParts): KubectlOptions {
  return {
    client,
    takes: commandTime,
    runUntil: (until, stop) => loop.runUntil(until, stop),
    connect: ({ token, as }) => (token ? clientWith(token) : as && clientAs(as.name, as.groups)),
    reachable(address) {
      if (!address.endsWith(':6443')) return false;
      const met = meets();
      return met === 'drop' ? 'timeout' : met === 'accept' && serves();
    },
    // A pod that runs nowhere yet has said nothing.
    logs: (pod, container, { previous, sinceTime, tail, timestamps }) => (pod.spec.nodeName ? kubelets.of(pod).logs(pod, container, { previous, since: sinceTime, tailLines: tail, timestamps }) : ''),
    exec(pod, container, command, { stdin, endless }) {
      const { exitCode, stdout, stderr, error, interrupted } = kubelets.of(pod).exec(pod, container, command, { stdin, endless });
      return { code: exitCode, stdout, stderr, error, interrupted };
    },
    feed(pod, container, input) {
      const session = pod.spec.nodeName && kubelets.of(pod).attach(pod, container, { stdin: true, tty: false, out() {}, err() {}, done() {} });
      if (!session) return;
      if (input) session.write(input);
      session.close();
    },
    interrupt(pod, container) {
      const session = pod.spec.nodeName ? kubelets.of(pod).attach(pod, container, { stdin: true, tty: true, out() {}, err() {}, done() {} }) : undefined;
      session?.write('\x03');
    },
    evict({ metadata: { namespace, name } }, deleteOptions) {
      const object = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { namespace, name }, deleteOptions };
      server.handle({ verb: 'create', resource: server.resourceOf('Pod'), namespace, name, subresource: 'eviction', object, user: 'kubernetes-admin', userAgent: 'kubectl' });
    },
    published,
    raw: (path) => rawNodePage({ server, kubelets }, path) ?? rawObjectPage({ server, client, kubelets }, path) ?? server.http({ method: 'GET', path }),
  };
}
