// Defaults of a pod spec, for pods and for templates (pkg/apis/core/v1/defaults.go).
import type { Container, PodSpec, Probe } from '../../types.ts';
import type { Version } from '../../version.ts';
import { defaultVolumes } from './default-volumes.ts';
import { defaultPullPolicy } from '../../image-name.ts';
import { canonicalResources } from './quantities.ts';

type Handler = Pick<Probe, 'httpGet' | 'exec' | 'tcpSocket' | 'grpc'>;
type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

/** What every pod spec gets, in a pod and in a template. */
export function defaultPodSpec(spec: Mutable<PodSpec>, version: Version): void {
  spec.restartPolicy ||= 'Always';
  spec.terminationGracePeriodSeconds ??= 30;
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.securityContext ??= {};
  spec.schedulerName ||= 'default-scheduler';
  aliasServiceAccount(spec);
  dropUnset(spec);
  if (spec.overhead) canonicalResources(spec.overhead);
  if (spec.volumes) defaultVolumes(spec.volumes);
  if (spec.containers) for (const container of spec.containers) defaultContainer(container);
  if (spec.initContainers) for (const container of spec.initContainers) defaultContainer(container);
  if (spec.ephemeralContainers) for (const container of spec.ephemeralContainers) defaultContainer(container as Container);
  if (spec.hostNetwork && !version.has('host-ports-only-in-pods')) defaultHostPorts(spec);
}

/** What only the spec of a pod gets: a template shows what its author wrote. */
export function defaultPodOnly(spec: Mutable<PodSpec>): void {
  spec.enableServiceLinks ??= true;
  if (spec.containers) for (const container of spec.containers) defaultRequests(container);
  if (spec.initContainers) for (const container of spec.initContainers) defaultRequests(container);
  if (spec.hostNetwork) defaultHostPorts(spec);
}

/** `serviceAccount` is the old name of `serviceAccountName` and always shows the same value. */
export function aliasServiceAccount(spec: Mutable<PodSpec>): void {
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  else if (spec.serviceAccount) spec.serviceAccountName = spec.serviceAccount;
}

/** False is the absence of these: Go leaves them out. */
function dropUnset(spec: Mutable<PodSpec>): void {
  if (spec.hostNetwork === false) delete spec.hostNetwork;
  if (spec.hostPID === false) delete spec.hostPID;
  if (spec.hostIPC === false) delete spec.hostIPC;
}

function defaultContainer(container: Container): void {
  const resources = (container.resources ??= {});
  if (resources.limits) canonicalResources(resources.limits);
  if (resources.requests) canonicalResources(resources.requests);
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  if (container.ports) for (const port of container.ports) port.protocol ||= 'TCP';
  if (container.livenessProbe) defaultProbe(container.livenessProbe);
  if (container.readinessProbe) defaultProbe(container.readinessProbe);
  if (container.startupProbe) defaultProbe(container.startupProbe);
  if (container.lifecycle?.postStart) defaultHandler(container.lifecycle.postStart);
  if (container.lifecycle?.preStop) defaultHandler(container.lifecycle.preStop);
  if (container.env) for (const { valueFrom } of container.env) if (valueFrom) defaultValueFrom(valueFrom);
}

type ValueFrom = NonNullable<NonNullable<Container['env']>[number]['valueFrom']>;

function defaultValueFrom({ fieldRef, resourceFieldRef }: ValueFrom): void {
  if (fieldRef) fieldRef.apiVersion ||= 'v1';
  if (resourceFieldRef) resourceFieldRef.divisor ??= '0';
}

function defaultProbe(probe: Probe): void {
  defaultHandler(probe);
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
}

function defaultHandler({ httpGet, grpc }: Handler): void {
  if (httpGet) {
    httpGet.path ||= '/';
    httpGet.scheme ||= 'HTTP';
  }
  if (grpc) grpc.service ??= '';
}

/** A limit without a request is also the request. */
function defaultRequests({ resources }: Container): void {
  if (!resources?.limits) return;
  const requests: Record<string, string> = { ...resources.requests };
  for (const name in resources.limits) requests[name] ??= resources.limits[name]!;
  resources.requests = requests;
}

/** On the host's network a container port is the host's port. */
function defaultHostPorts(spec: Mutable<PodSpec>): void {
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
  }
}
