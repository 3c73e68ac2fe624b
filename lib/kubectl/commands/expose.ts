import type { KubeObject } from '../../api/index.ts';
import { CommandError, throwAll } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { type ServicePort, serviceManifest } from '../generate.ts';
import { labelsOf } from '../pairs.ts';
import { dryRun, Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { dryRunFlag, fileFlags, infoOfMade, printFlags } from './create.ts';

export const expose: Command = {
  name: 'expose',
  short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  usage: '(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  flags: [
    ...printFlags,
    dryRunFlag,
    ...fileFlags,
    string('port'),
    string('target-port'),
    string('protocol'),
    string('name'),
    string('type'),
    string('cluster-ip'),
    string('external-ip'),
    string('load-balancer-ip'),
    string('session-affinity'),
    list('selector'),
    list('labels', 'l'),
    bool('save-config'),
    string('overrides'),
    string('field-manager'),
  ],
  run(call) {
    const reporter = new Reporter(call, { typed: true });
    const { infos, errors } = resolve(withoutSelector(call));
    forEach(infos, errors, (info) => exposeOne(call, info, reporter));
    throwAll(errors);
  },
};

/** --selector is the new service's here, not a choice among objects. */
function withoutSelector(call: Call): Call {
  const flags = Object.create(call.flags) as Call['flags'];
  flags.string = (name) => (name === 'selector' ? '' : call.flags.string(name));
  flags.list = (name) => call.flags.list(name);
  flags.bool = (name) => call.flags.bool(name);
  return { ...call, flags };
}

function selectorOf({ resource, object }: Info): Record<string, string> {
  const { kind, metadata, spec } = object as KubeObject;
  if (kind === 'Pod') {
    if (!metadata.labels || Object.keys(metadata.labels).length === 0) throw new CommandError("couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed");
    return metadata.labels;
  }
  if (kind === 'Service' || kind === 'ReplicationController') {
    if (!spec.selector) throw new CommandError("couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set");
    return spec.selector;
  }
  if ((kind === 'Deployment' || kind === 'ReplicaSet') && spec.selector?.matchLabels) {
    if (spec.selector.matchExpressions?.length) throw new CommandError("couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - \"" + '" to map-based selector format');
    return spec.selector.matchLabels;
  }
  throw new CommandError(`cannot expose a ${resource.group ? `${kind}.${resource.group}` : kind}`);
}

interface FoundPort {
  port: number;
  protocol: string;
}

function portsOf({ kind, spec }: KubeObject): FoundPort[] {
  if (kind === 'Service') return spec.ports ?? [];
  const containers = (kind === 'Pod' ? spec : spec.template?.spec)?.containers ?? [];
  return containers.flatMap((container: { ports?: { containerPort: number; protocol?: string }[] }) => (container.ports ?? []).map(({ containerPort, protocol = 'TCP' }) => ({ port: containerPort, protocol })));
}

function servicePorts(call: Call, object: KubeObject): ServicePort[] {
  const { flags } = call;
  const found = portsOf(object);
  const wanted = flags.string('port') ? flags.string('port').split(',').map(Number) : found.map(({ port }) => port);
  if (wanted.length === 0 && flags.string('cluster-ip') !== 'None') throw new CommandError("couldn't find port via --port flag or introspection");
  const target = flags.string('target-port');
  return wanted.map((port, i) => ({
    ...(wanted.length > 1 && { name: `port-${i + 1}` }),
    protocol: flags.string('protocol').toUpperCase() || (found.find((known) => known.port === port)?.protocol ?? 'TCP'),
    port,
    targetPort: target ? (/^\d+$/.test(target) ? Number(target) : target) : port,
  }));
}

function exposeOne(call: Call, info: Info, reporter: Reporter): void {
  const { flags } = call;
  const object = info.object!;
  const selector = flags.has('selector') ? labelsOf(flags.all('selector')) : selectorOf(info);
  const labels = flags.has('labels') ? labelsOf(flags.all('labels')) : object.metadata.labels;
  const manifest = serviceManifest(flags.string('name') || info.name, {
    ports: servicePorts(call, object),
    selector,
    ...(labels && { labels }),
    type: flags.string('type'),
    clusterIP: flags.string('cluster-ip'),
    externalIPs: flags.string('external-ip') ? [flags.string('external-ip')] : [],
    sessionAffinity: flags.string('session-affinity'),
  });
  const made = infoOfMade(call, manifest);
  if (dryRun(call) === 'client') {
    const { namespace: _, ...metadata } = made.object!.metadata;
    return reporter.report(made, 'exposed', { ...made.object!, metadata: call.namespaceGiven ? made.object!.metadata : metadata } as KubeObject);
  }
  const created = call.client.create(made.object!, { dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-expose' });
  reporter.report({ ...made, object: created }, 'exposed');
}
