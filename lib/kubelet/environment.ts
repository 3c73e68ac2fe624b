// A container's environment: what the kubelet reads from the API before it starts one.
import { type Container, isEnvVarName, type Pod } from '../api/index.ts';
import type { Client } from '../client/index.ts';
import { type NodeFacts, podField, resourceField } from './downward-api.ts';
import { ConfigError, configMapText, secretData } from './references.ts';

export interface EnvironmentSources extends NodeFacts {
  client: Client;
  /** Environment variables of the Services that the pod sees. */
  services(namespace: string): Readonly<Record<string, string>>;
}

type Variables = Record<string, string>;
const nothing: Readonly<Variables> = Object.freeze({});

/** A container's variables, with what they refer to as it is now: a missing ConfigMap is a ConfigError. */
export function environment(pod: Pod, container: Container, sources: EnvironmentSources): Readonly<Variables> {
  const services = pod.spec.enableServiceLinks === false ? nothing : sources.services(pod.metadata.namespace ?? 'default');
  if (!container.env?.length && !container.envFrom?.length) return services;
  const out: Variables = { ...services };
  for (const source of container.envFrom ?? []) takeAll(out, pod, source, sources.client);
  for (const { name, value, valueFrom } of container.env ?? []) {
    const text = valueFrom ? fromSource(valueFrom, pod, container, sources) : expand(value ?? '', out);
    if (text !== undefined) out[name] = text;
  }
  return out;
}

/** Follows third_party/forked/golang/expansion: `$(NAME)` is replaced where NAME is known, `$$` is a `$`. */
export function expand(text: string, variables: Readonly<Variables>, missing = (all: string, _: string) => all): string {
  // Behind the last `)` nothing is closed any more, and nobody needs to look for it again and again.
  const last = text.lastIndexOf(')') + 1;
  const [head, tail] = [text.slice(0, last), text.slice(last)];
  return head.replace(/\$(\$|\(([^)]*)\))/g, (all, escaped: string, name?: string) => (escaped === '$' ? '$' : (variables[name!] ?? missing(all, name!)))) + tail.replaceAll('$$', () => '$');
}

function takeAll(out: Variables, pod: Pod, { prefix = '', configMapRef, secretRef }: NonNullable<Container['envFrom']>[number], client: Client): void {
  const data = configMapRef ? configMapText(client, pod, configMapRef) : secretRef ? secretData(client, pod, secretRef) : undefined;
  const skipped: string[] = [];
  for (const key in data) {
    const name = prefix + key;
    if (client.version.has('env-from-any-name') || isEnvVarName(name).length === 0) out[name] = data[key]!;
    else skipped.push(name);
  }
  if (skipped.length === 0) return;
  const source = configMapRef ? `configMap ${pod.metadata.namespace}/${configMapRef.name}` : `secret ${pod.metadata.namespace}/${secretRef?.name}`;
  client.event(pod, 'Warning', 'InvalidEnvironmentVariableNames', `Keys [${skipped.sort().join(', ')}] from the EnvFrom ${source} were skipped since they are considered invalid environment variable names.`);
}

function fromSource(source: NonNullable<NonNullable<Container['env']>[number]['valueFrom']>, pod: Pod, container: Container, sources: EnvironmentSources): string | undefined {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  if (fieldRef) return podField(pod, fieldRef.fieldPath, sources);
  if (resourceFieldRef) return resourceField(pod, container, resourceFieldRef, sources);
  const data = configMapKeyRef ? configMapText(sources.client, pod, configMapKeyRef) : secretKeyRef ? secretData(sources.client, pod, secretKeyRef) : undefined;
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) return undefined;
  const value = data?.[reference.key];
  if (value === undefined && !reference.optional) throw new ConfigError(`couldn't find key ${reference.key} in ${configMapKeyRef ? 'ConfigMap' : 'Secret'} ${pod.metadata.namespace}/${reference.name}`);
  return value;
}
