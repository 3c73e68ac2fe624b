// Containers, probes, environment and mounts, as `kubectl describe` shows them.
import { type Container, type ContainerStatus, type KubeObject, parseQuantity, type Probe } from '../../api/index.ts';
import { rfc1123 } from '../text/duration.ts';
import { orNone, type Writer, yesNo } from './writer.ts';

type Loose = Record<string, any>;

interface Where {
  statuses?: readonly ContainerStatus[] | undefined;
  /** Indentation inside a pod template. */
  space?: string;
  /** The pod, to look up fields for the environment. */
  pod?: KubeObject | undefined;
}

export function describeContainers(w: Writer, title: string, containers: readonly Container[] | undefined, { statuses = [], space = '', pod }: Where): void {
  w.line(0, `${space}${title}:${containers?.length ? '' : ' <none>'}`);
  for (const container of containers ?? []) {
    const status = statuses.find(({ name }) => name === container.name);
    basics(w, container, { status, space });
    words(w, 'Command', container.command);
    words(w, 'Args', container.args);
    if (status) state(w, status);
    resources(w, container);
    probes(w, container);
    if (container.envFrom?.length) envFrom(w, container);
    environment(w, container, pod);
    mounts(w, container);
  }
}

function basics(w: Writer, container: Container, { status, space }: { status: ContainerStatus | undefined; space: string }): void {
  w.line(1, `${space ? ' ' : ''}${container.name}:`);
  if (status) w.field(2, 'Container ID', status.containerID ?? '');
  w.field(2, 'Image', container.image ?? '');
  if (status) w.field(2, 'Image ID', status.imageID ?? '');
  const list = (key: 'containerPort' | 'hostPort') => (container.ports ?? []).map((port) => `${port[key] ?? 0}/${port.protocol ?? ''}`).join(', ');
  for (const [title, key] of [['Port', 'containerPort'], ['Host Port', 'hostPort']] as const) {
    const text = list(key);
    w.field(2, text.includes(',') ? `${title}s` : title, orNone(text));
  }
  seccompProfile(w, 2, container.securityContext);
}

/** Of a pod's or a container's securityContext; the path of a local one stands a level deeper in a container. */
export function seccompProfile(w: Writer, level: 0 | 2, context: Loose | undefined): void {
  const { type, localhostProfile } = context?.seccompProfile ?? {};
  if (type) w.field(level, 'SeccompProfile', type);
  if (type === 'Localhost') w.field(level === 0 ? 0 : 3, 'LocalhostProfile', localhostProfile);
}

function words(w: Writer, title: string, list: readonly string[] | undefined): void {
  if (!list?.length) return;
  w.line(2, `${title}:`);
  for (const word of list) for (const line of word.split('\n')) w.line(3, line);
}

function state(w: Writer, status: ContainerStatus): void {
  oneState(w, 'State', status.state ?? {});
  if (status.lastState?.terminated) oneState(w, 'Last State', status.lastState);
  w.field(2, 'Ready', yesNo(status.ready));
  w.field(2, 'Restart Count', status.restartCount);
}

function oneState(w: Writer, title: string, { running, waiting, terminated }: Loose): void {
  if (running) {
    w.field(2, title, 'Running').field(3, 'Started', rfc1123(running.startedAt));
  } else if (terminated) {
    w.field(2, title, 'Terminated');
    if (terminated.reason) w.field(3, 'Reason', terminated.reason);
    if (terminated.message) w.field(3, 'Message', terminated.message);
    w.field(3, 'Exit Code', terminated.exitCode);
    if (terminated.signal > 0) w.field(3, 'Signal', terminated.signal);
    w.field(3, 'Started', rfc1123(terminated.startedAt)).field(3, 'Finished', rfc1123(terminated.finishedAt));
  } else {
    w.field(2, title, 'Waiting');
    if (waiting?.reason) w.field(3, 'Reason', waiting.reason);
  }
}

function resources(w: Writer, container: Container): void {
  for (const [title, list] of [['Limits', container.resources?.limits], ['Requests', container.resources?.requests]] as const) {
    const names = Object.keys(list ?? {}).sort();
    if (names.length > 0) w.line(2, `${title}:`);
    for (const name of names) w.field(3, name, list![name]);
  }
}

function probes(w: Writer, container: Container): void {
  if (container.livenessProbe) w.field(2, 'Liveness', probeText(container.livenessProbe));
  if (container.readinessProbe) w.field(2, 'Readiness', probeText(container.readinessProbe));
  if (container.startupProbe) w.field(2, 'Startup', probeText(container.startupProbe));
}

function probeText(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0, successThreshold = 0, failureThreshold = 0, exec, httpGet, tcpSocket } = probe;
  const { grpc } = probe as Loose;
  const times = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${times}`;
  if (httpGet) return `http-get ${(httpGet.scheme ?? '').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${slash(httpGet.path)} ${times}`;
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${times}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${times}`;
  return `unknown ${times}`;
}

const slash = (path: string | undefined) => (!path ? '' : path.startsWith('/') ? path : `/${path}`);

function envFrom(w: Writer, container: Container): void {
  w.line(2, 'Environment Variables from:');
  for (const { configMapRef, secretRef, prefix } of container.envFrom ?? []) {
    const source = configMapRef ?? secretRef;
    const kind = configMapRef ? 'ConfigMap' : 'Secret';
    w.line(3, `${source?.name ?? ''}\t${kind}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${Boolean(source?.optional)}`);
  }
}

function environment(w: Writer, container: Container, pod: KubeObject | undefined): void {
  w.line(2, `Environment:${container.env?.length ? '' : '\t<none>'}`);
  for (const { name, value = '', valueFrom } of container.env ?? []) {
    if (!valueFrom) {
      value.split('\n').forEach((line, i) => w.line(3, `${i === 0 ? `${name}:` : ''}\t${line}`));
    } else if (valueFrom.fieldRef) w.line(3, `${name}:\t${pod ? fieldValue(pod, valueFrom.fieldRef.fieldPath) : ''} (${valueFrom.fieldRef.apiVersion ?? 'v1'}:${valueFrom.fieldRef.fieldPath})`);
    else if (valueFrom.resourceFieldRef) w.line(3, `${name}:\t${resourceValue(container, valueFrom.resourceFieldRef)} (${valueFrom.resourceFieldRef.resource})`);
    else if (valueFrom.secretKeyRef) w.line(3, `${name}:\t<set to the key '${valueFrom.secretKeyRef.key}' in secret '${valueFrom.secretKeyRef.name}'>\tOptional: ${Boolean(valueFrom.secretKeyRef.optional)}`);
    else if (valueFrom.configMapKeyRef) w.line(3, `${name}:\t<set to the key '${valueFrom.configMapKeyRef.key}' of config map '${valueFrom.configMapKeyRef.name}'>\tOptional: ${Boolean(valueFrom.configMapKeyRef.optional)}`);
  }
}

/** kubectl can look up a pod's name and namespace, nothing else. */
function fieldValue({ metadata }: KubeObject, path: string): string {
  return path === 'metadata.name' ? metadata.name : path === 'metadata.namespace' ? (metadata.namespace ?? '') : '';
}

function resourceValue({ resources = {} }: Container, { resource, divisor = '1' }: Loose): string {
  const [kind, name] = resource.split('.') as ['limits' | 'requests', string];
  const quantity = (resources as Loose)[kind]?.[name];
  if (quantity === undefined) return kind === 'limits' ? 'node allocatable' : '0';
  const unit = Number(divisor) === 0 ? '1' : divisor;
  return resource.endsWith('.cpu') ? String(Math.ceil(parseQuantity(quantity).milliValue() / parseQuantity(unit).milliValue())) : String(Math.ceil(Number(parseQuantity(quantity).value()) / Number(parseQuantity(unit).value())));
}

function mounts(w: Writer, container: Container): void {
  const list = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1));
  w.line(2, `Mounts:${list.length > 0 ? '' : '\t<none>'}`);
  for (const { mountPath, name, readOnly, subPath } of list) {
    const flags = [readOnly ? 'ro' : 'rw', ...(subPath ? [`path=${JSON.stringify(subPath)}`] : [])];
    w.line(3, `${mountPath} from ${name} (${flags.join(',')})`);
  }
  const devices = container.volumeDevices ?? [];
  if (devices.length > 0) w.line(2, 'Devices:');
  for (const { devicePath, name } of devices) w.line(3, `${devicePath} from ${name}`);
}
