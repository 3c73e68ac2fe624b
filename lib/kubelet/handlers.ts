// What the API server reaches at a kubelet's port 10250: logs and exec.
import { badRequest, type ContainerStatus, type Pod, StatusError } from '../api/index.ts';
import type { ExecResult, HttpResponse, LogOptions, Machine, Runtime, Session, SessionOptions } from '../machine/index.ts';
import { runtimeUid } from './static-pods/manifest.ts';

export interface PodLogOptions extends LogOptions {
  /** The container before the last restart. */
  previous?: boolean;
}

export interface Handlers {
  /** `pod` as the API server has it. Throws a StatusError in Kubernetes' words. */
  logs(pod: Pod, container: string, options?: PodLogOptions): string;
  exec(pod: Pod, container: string, command: readonly string[], options?: { stdin?: string; endless?: number | undefined }): ExecResult;
  /** Connects to the main process; undefined when it reads nothing. */
  attach(pod: Pod, container: string, options: SessionOptions): Session | undefined;
  /** A command whose streams stay open. */
  session(pod: Pod, container: string, command: readonly string[], options: SessionOptions): Session;
  /** A GET of anything else. */
  page(path: string): HttpResponse;
}

interface HandlerOptions {
  machine: Machine;
  runtime: Runtime;
  /** The address of the API server's machine. */
  from(): string | undefined;
  running(): boolean;
  /** False while it has no certificate. */
  serves(): boolean;
  page(path: string): HttpResponse;
}

export function podHandlers({ machine, runtime, from, running: isRunning, serves, page }: HandlerOptions): Handlers {
  const address = `${machine.ip}:10250`;
  const problem = () => {
    if (!machine.powered || !machine.admits(10250, from())) return `dial tcp ${address}: i/o timeout`;
    if (!isRunning()) return `dial tcp ${address}: connect: connection refused`;
    return serves() ? undefined : 'remote error: tls: internal error';
  };

  /** The API server's connection to this node, as far as it gets. */
  function connect(path: string): void {
    const why = problem();
    if (why) throw new StatusError('', 500, `Get "https://${address}${path}": ${why}`);
  }

  /** The id of the container that a command is to run in, or whose main process is meant. */
  function running(pod: Pod, container: string, command?: readonly string[]): string {
    const { namespace, name } = pod.metadata;
    const query = (command ?? []).map((word) => `command=${encodeURIComponent(word)}&`).join('');
    connect(`/${command ? 'exec' : 'attach'}/${namespace}/${name}/${container}?${query}error=1&output=1`);
    const record = runtime.pods.get(runtimeUid(pod))?.containers.find((c) => c.config.name === container);
    if (record?.state === 'running') return record.id;
    throw new StatusError('InternalError', 500, `unable to upgrade connection: container not found (${JSON.stringify(container)})`);
  }

  return {
    logs(pod, container, { previous = false, ...options } = {}) {
      const { namespace, name } = pod.metadata;
      connect(`/containerLogs/${namespace}/${name}/${container}${previous ? '?previous=true' : ''}`);
      const id = logContainer(pod, container, previous);
      const record = runtime.pods.get(runtimeUid(pod))?.containers.find((c) => c.id === id);
      if (!record) throw badRequest(`unable to retrieve container logs for ${runtime.name}://${id}`);
      return runtime.logs(record.id, options);
    },
    exec: (pod, container, command, options) => runtime.exec(running(pod, container, command), command, options),
    attach: (pod, container, options) => runtime.attach(running(pod, container), options),
    session: (pod, container, command, options) => runtime.session(running(pod, container, command), command, options),
    page(path) {
      const why = problem();
      if (why) throw new StatusError('ServiceUnavailable', 503, `error trying to reach service: ${why}`);
      return page(path);
    },
  };
}

/** Which container's log is meant, by the status that the user sees. */
function logContainer(pod: Pod, container: string, previous: boolean): string {
  const where = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  const status = find(pod.status.containerStatuses, container) ?? find(pod.status.initContainerStatuses, container) ?? find(pod.status.ephemeralContainerStatuses, container);
  if (!status) throw badRequest(`${where} is not available`);
  const { state, lastState } = status;
  const last = lastState?.terminated?.containerID;
  if (previous) {
    if (!last) throw badRequest(`previous terminated ${where} not found`);
    return bare(last);
  }
  if (state?.running) return bare(status.containerID ?? '');
  if (state?.terminated) return bare(state.terminated.containerID ?? last ?? '');
  if (last) return bare(last);
  switch (state?.waiting?.reason) {
    case 'ErrImagePull':
      throw badRequest(`${where} is waiting to start: image can't be pulled`);
    case 'ImagePullBackOff':
      throw badRequest(`${where} is waiting to start: trying and failing to pull image`);
    default:
      throw badRequest(`${where} is waiting to start: ${state?.waiting?.reason ?? 'no logs yet'}`);
  }
}

const find = (statuses: readonly ContainerStatus[] | undefined, name: string) => statuses?.find((s) => s.name === name);
const bare = (id: string) => id.replace(/^\w+:\/\//, '');
