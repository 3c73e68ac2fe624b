import type { KubeObject, Pod } from '../../api/index.ts';
import { isNotFound, isPodActive, isPodReady, parseSelector, StatusError } from '../../api/index.ts';
import { CommandError, PlainError, throwAll, UsageError } from '../errors.ts';
import { bool, int, string, time } from '../flags.ts';
import { mixedForms } from '../arguments.ts';
import { resolve } from '../resolve.ts';
import type { Call, Command, LogOptions } from '../session.ts';
import { endlessly } from '../time.ts';

export const logs: Command = {
  name: 'logs',
  short: 'Print the logs for a container in a pod',
  usage: '[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  flags: [
    bool('follow', 'f'),
    bool('previous', 'p'),
    string('container', 'c'),
    bool('all-containers'),
    bool('all-pods'),
    bool('prefix'),
    bool('timestamps'),
    bool('ignore-errors'),
    bool('insecure-skip-tls-verify-backend'),
    int('tail', '-1'),
    time('since'),
    string('since-time'),
    int('limit-bytes', '0'),
    int('max-log-requests', '5'),
    time('pod-running-timeout', '20s'),
    string('selector', 'l'),
  ],
  run(call) {
    const sources = sourcesOf(call);
    if (call.flags.bool('follow')) follow(call, sources);
    else for (const source of sources) call.out.write(prefixed(source, read(call, source, optionsOf(call))));
  },
};

interface Source {
  pod: Pod;
  container: string;
  /** `[pod/web-1/app] `, or nothing. */
  prefix: string;
}

function sourcesOf(call: Call): Source[] {
  const { flags, args } = call;
  const selector = flags.string('selector');
  if (args.length === 0 && !selector) throw new UsageError("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command", call.command);
  if (args.length > 0 && selector) throw new UsageError('only a selector (-l) or a POD name is allowed', call.command);
  if (args.length > 2) throw new UsageError("expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command", call.command);
  if (selector) {
    const { items } = call.client.list('Pod', { namespace: call.namespace, labelSelector: selector });
    if (items.length === 0) call.out.error(`No resources found in ${call.namespace} namespace.`);
    return items.flatMap((pod) => containersOf(call, pod));
  }
  const container = args[1];
  const pod = podFor(call, args[0]!, 'logs');
  return containersOf(call, pod, container);
}

/** The pod that `web-1`, `pod/web-1` or `deploy/web` means. */
export function podFor(call: Call, target: string, verb: 'logs' | 'exec'): Pod {
  if (target.includes('/') && target.split('/').length > 2) throw new CommandError(mixedForms);
  const { infos, errors } = resolve(call, { args: [target.includes('/') ? target : `pod/${target}`] });
  throwAll(verb === 'logs' ? errors.map((error) => notThere(call, error)) : errors);
  const object = infos[0]!.object!;
  return object.kind === 'Pod' ? (object as Pod) : firstPod(call, object);
}

/** `logs` tells what it does not find in words of its own. */
function notThere(call: Call, error: Error): Error {
  return isNotFound(error) ? new PlainError(`error: error from server (NotFound): ${error.message} in namespace ${JSON.stringify(call.namespace)}`) : error;
}

/** The pod of a controller or service that comes first: ready ones before others. */
function firstPod(call: Call, owner: KubeObject): Pod {
  const labels: Record<string, string> = owner.spec?.selector?.matchLabels ?? (owner.spec?.selector as Record<string, string>) ?? {};
  const text = Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');
  const matcher = parseSelector(text);
  const pods = text ? call.client.list('Pod', { namespace: call.namespace }).items.filter((pod) => matcher.matches(pod.metadata.labels)) : [];
  if (pods.length === 0) throw new CommandError('timed out waiting for the condition');
  const rank = (pod: Pod) => (isPodActive(pod) ? 2 : 0) + (isPodReady(pod) ? 1 : 0);
  const sorted = [...pods].sort((a, b) => rank(b) - rank(a) || (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
  if (pods.length > 1) call.out.error(`Found ${pods.length} pods, using pod/${sorted[0]!.metadata.name}`);
  return sorted[0]!;
}

function containersOf(call: Call, pod: Pod, container = call.flags.string('container')): Source[] {
  const names = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name);
  const prefix = (name: string) => (call.flags.bool('prefix') ? `[pod/${pod.metadata.name}/${name}] ` : '');
  if (call.flags.bool('all-containers')) return names.map((name) => ({ pod, container: name, prefix: prefix(name) }));
  if (container && !names.includes(container)) throw new CommandError(`container ${container} is not valid for pod ${pod.metadata.name}`);
  const name = container || defaultContainer(call, pod);
  return [{ pod, container: name, prefix: prefix(name) }];
}

/** The container that is meant when none is named; says so when there are several. */
export function defaultContainer(call: Call, pod: Pod): string {
  const annotated = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const all = [...containers, ...initContainers, ...ephemeralContainers];
  if (annotated && all.some(({ name }) => name === annotated)) return annotated;
  const first = containers[0]!.name;
  if (all.length > 1) {
    const list = [...containers.map(({ name }) => name), ...ephemeralContainers.map(({ name }) => `${name} (ephem)`), ...initContainers.map(({ name }) => `${name} (init)`)];
    call.out.error(`Defaulted container ${JSON.stringify(first)} out of: ${list.join(', ')}`);
  }
  return first;
}

function optionsOf(call: Call): LogOptions {
  const { flags } = call;
  const since = flags.duration('since');
  const sinceTime = flags.string('since-time') ? Date.parse(flags.string('since-time')) : since > 0 ? call.now() - since : undefined;
  const tail = flags.has('tail') ? flags.int('tail') : flags.string('selector') && !flags.bool('follow') ? 10 : -1;
  return {
    ...(flags.bool('previous') && { previous: true }),
    ...(flags.bool('timestamps') && { timestamps: true }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tail >= 0 && { tail }),
  };
}

function read(call: Call, { pod, container }: Source, options: LogOptions): string {
  call.client.authorize?.({ verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: pod.metadata.namespace, name: pod.metadata.name });
  if (!call.options.logs) return '';
  const text = call.options.logs(pod, container, options);
  const limit = call.flags.int('limit-bytes');
  return limit > 0 ? text.slice(0, limit) : text;
}

function prefixed({ prefix }: Source, text: string): string {
  return prefix ? text.replace(/^(?=.)/gm, prefix) : text;
}

function follow(call: Call, sources: readonly Source[]): void {
  const { tail: _, ...all } = optionsOf(call);
  const seen = sources.map((source) => {
    call.out.write(prefixed(source, read(call, source, optionsOf(call))));
    return read(call, source, all).length;
  });
  endlessly(call, () => {
    sources.forEach((source, i) => {
      const text = readQuietly(call, source, all);
      if (text === undefined || text.length <= seen[i]!) return;
      call.out.write(prefixed(source, text.slice(seen[i])));
      seen[i] = text.length;
    });
  });
}

/** A pod that is gone ends its stream; others go on. */
function readQuietly(call: Call, source: Source, options: LogOptions): string | undefined {
  try {
    return read(call, source, options);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
