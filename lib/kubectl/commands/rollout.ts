import { draft, equal, type KubeObject, type ReplicaSet } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import { describeTemplate } from '../describe/template.ts';
import { CommandError, PlainError, throwAll } from '../errors.ts';
import { bool, type Flag, int, string, time } from '../flags.ts';
import { clientKind, keyOf, kindName, pluralName, slashName } from '../names.ts';
import { dryRun, Reporter } from '../print.ts';
import { forEach, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { waitUntil, week } from '../time.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';
import { hasRevisions, showRevisions, undoToRevision } from './rollout-revisions.ts';
import { rolloutState } from './rollout-status.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';
const shared: Flag[] = [...printFlags, ...fileFlags, string('selector', 'l'), string('field-manager')];
const usage = '(TYPE NAME | TYPE/NAME) [flags]';

function targets(call: Call) {
  if (call.args.length === 0 && call.flags.list('filename').length === 0) throw new CommandError('required resource not specified');
  return resolve(call, { allowAll: true });
}

/** What stops a rollout command, led by the object: `deployments.apps "web" is already paused`. */
const refusal = (info: Info, why: string) => new PlainError(`error: ${pluralName(info.resource)} ${JSON.stringify(info.name)} ${why}`);

const status: Command = {
  name: 'status',
  short: 'Show the status of the rollout',
  usage,
  flags: [...fileFlags, string('selector', 'l'), bool('watch', 'w', 'true'), int('revision'), time('timeout')],
  run(call) {
    const { infos, errors } = targets(call);
    throwAll(errors);
    if (infos.length === 0) return call.out.error(`No resources found in ${call.namespace} namespace.`);
    forEach(infos, errors, (info) => showStatus(call, info));
    throwAll(errors);
  },
};

function showStatus(call: Call, info: Info): void {
  const wanted = call.flags.int('revision');
  const look = (object: KubeObject): boolean => {
    if (wanted > 0 && object.metadata.annotations?.[revisionAnnotation] !== String(wanted)) {
      throw new CommandError(`desired revision (${wanted}) is different from the running revision (${object.metadata.annotations?.[revisionAnnotation] ?? 0})`);
    }
    const { text, done } = rolloutState(object, info.resource.group ? `${object.kind}.${info.resource.group}` : object.kind);
    call.out.line(text);
    return done;
  };
  if (look(info.object!) || !call.flags.bool('watch')) return;
  const watcher = call.client.watch(clientKind(info.resource), {
    ...(info.resource.namespaced && { namespace: info.namespace }),
    fieldSelector: `metadata.name=${info.name}`,
    resourceVersion: info.object!.metadata.resourceVersion,
  });
  let failure: Error | undefined;
  const done = waitUntil(call, call.flags.duration('timeout') || week, () => {
    try {
      for (const { type, object } of watcher.read()) {
        if (type === 'DELETED') throw new CommandError('object has been deleted');
        if (type !== 'BOOKMARK' && look(object)) return true;
      }
    } catch (error) {
      failure = error as Error;
      return true;
    }
    return false;
  });
  watcher.stop();
  if (failure) throw failure;
  if (!done) throw new CommandError('timed out waiting for the condition');
}

const revisionOf = ({ metadata }: KubeObject) => Number(metadata.annotations?.[revisionAnnotation] ?? 0);

/** The replica sets of a deployment, oldest revision first. */
function history(call: Call, deployment: KubeObject): ReplicaSet[] {
  const { items } = call.client.list('ReplicaSet', { namespace: deployment.metadata.namespace! });
  return items.filter(({ metadata }) => metadata.ownerReferences?.some(({ controller, uid }) => controller && uid === deployment.metadata.uid)).sort((a, b) => revisionOf(a) - revisionOf(b));
}

const historyCommand: Command = {
  name: 'history',
  short: 'View rollout history',
  usage,
  flags: [...shared, int('revision')],
  run(call) {
    const { infos, errors } = targets(call);
    forEach(infos, errors, (info) => showHistory(call, info));
    throwAll(errors);
  },
};

function showHistory(call: Call, info: Info): void {
  const { kind } = info.resource;
  const title = slashName(info);
  if (hasRevisions(info)) return showRevisions(call, info, title);
  if (kind !== 'Deployment') throw new CommandError(`no history viewer has been implemented for ${JSON.stringify(kindName(info.resource))}`);
  const sets = history(call, info.object!).filter((set) => revisionOf(set) > 0);
  const wanted = call.flags.int('revision');
  if (wanted > 0) {
    const set = sets.find((one) => revisionOf(one) === wanted);
    if (!set) throw new CommandError('unable to find the specified revision');
    return call.out.write(`${title} with revision #${wanted}\n${describeTemplate(templateWithCause(set), call)}\n`);
  }
  const rows = sets.map((set) => [String(revisionOf(set)), set.metadata.annotations?.[changeCause] || '<none>']);
  call.out.write(`${title} \n${rows.length > 0 ? alignRows([['REVISION', 'CHANGE-CAUSE'], ...rows]) : 'No rollout history found.\n'}\n`);
}

const changeCause = 'kubernetes.io/change-cause';

function templateWithCause({ metadata, spec }: ReplicaSet): KubeObject['spec'] {
  const cause = metadata.annotations?.[changeCause];
  const template = spec.template!;
  return cause ? { ...template, metadata: { ...template.metadata, annotations: { ...template.metadata?.annotations, [changeCause]: cause } } } : template;
}

const undo: Command = {
  name: 'undo',
  short: 'Undo a previous rollout',
  usage,
  flags: [...shared, dryRunFlag, int('to-revision')],
  run(call) {
    const { infos, errors } = targets(call);
    const reporter = new Reporter(call, { typed: true });
    forEach(infos, errors, (info) => undoOne(call, info, reporter));
    throwAll(errors);
  },
};

const keptAnnotations = ['kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, 'deployment.kubernetes.io/revision-history', 'deployment.kubernetes.io/desired-replicas', 'deployment.kubernetes.io/max-replicas', 'deprecated.deployment.rollback.to'];

function undoOne(call: Call, info: Info, reporter: Reporter): void {
  if (hasRevisions(info)) return undoToRevision(call, info, reporter);
  if (info.resource.kind !== 'Deployment') throw new CommandError(`no rollbacker has been implemented for ${JSON.stringify(info.resource.kind)}`);
  const deployment = info.object!;
  const set = revisionToRestore(call, deployment);
  if (dryRun(call) === 'client') return reporter.report(info, 'rolled back');
  if (deployment.spec.paused) throw new CommandError(`you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`);
  const template = withoutHash(set.spec.template as never);
  if (equal(template, withoutHash(deployment.spec.template))) return reporter.report(info, `skipped rollback (current template already matches revision ${call.flags.int('to-revision')})`);
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) if (keptAnnotations.includes(key)) annotations[key] = value;
  for (const [key, value] of Object.entries(set.metadata.annotations ?? {})) if (!keptAnnotations.includes(key)) annotations[key] = value;
  const patch = [
    { op: 'replace', path: '/spec/template', value: template },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ];
  call.client.patch(clientKind(info.resource), keyOf(info), patch, { type: 'json', dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-rollout' });
  reporter.report(info, 'rolled back');
}

function revisionToRestore(call: Call, deployment: KubeObject): ReplicaSet {
  const sets = history(call, deployment);
  const wanted = call.flags.int('to-revision');
  const found = wanted > 0 ? sets.find((set) => revisionOf(set) === wanted) : sets.at(-2);
  if (found) return found;
  throw new CommandError(wanted > 0 ? `unable to find specified revision ${wanted} in history` : `no rollout history found for deployment ${JSON.stringify(deployment.metadata.name)}`);
}

function withoutHash(template: KubeObject['spec']): KubeObject['spec'] {
  const copy = draft(template);
  delete copy.metadata?.labels?.[hashLabel];
  return copy;
}

interface Switch {
  name: 'pause' | 'resume' | 'restart';
  short: string;
  done: string;
  /** Why not, or the patch. */
  plan(call: Call, info: Info): string | Record<string, unknown>;
}

function switching({ name, short, done, plan }: Switch): Command {
  return {
    name,
    short,
    usage,
    flags: shared,
    run(call) {
      const { infos, errors } = targets(call);
      const reporter = new Reporter(call, { typed: true });
      forEach(infos, errors, (info) => {
        const patch = plan(call, info);
        if (typeof patch === 'string') throw refusal(info, patch);
        const object = call.client.patch(clientKind(info.resource), keyOf(info), patch, { fieldManager: 'kubectl-rollout' });
        reporter.report(info, done, object);
      });
      throwAll(errors);
    },
  };
}

const isDeployment = ({ resource }: Info) => resource.kind === 'Deployment';

const pause = switching({
  name: 'pause',
  short: 'Mark the provided resource as paused',
  done: 'paused',
  plan: (_, info) => (!isDeployment(info) ? 'pausing is not supported' : info.object!.spec.paused ? 'is already paused' : { spec: { paused: true } }),
});

const resume = switching({
  name: 'resume',
  short: 'Resume a paused resource',
  done: 'resumed',
  plan: (_, info) => (!isDeployment(info) ? 'resuming is not supported' : info.object!.spec.paused ? { spec: { paused: null } } : 'is not paused'),
});

const restart = switching({
  name: 'restart',
  short: 'Restart a resource',
  done: 'restarted',
  plan(call, info) {
    if (!['Deployment', 'DaemonSet', 'StatefulSet'].includes(info.resource.kind)) return 'restarting is not supported';
    if (info.object!.spec.paused) return "can't restart paused deployment (run rollout resume first)";
    return { spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': timestamp(call.now()) } } } } };
  },
});

export const rollout: Command = {
  name: 'rollout',
  short: 'Manage the rollout of a resource',
  long: 'Manage the rollout of one or many resources.\n\n Valid resource types include:\n\n  *  deployments\n  *  daemonsets\n  *  statefulsets',
  examples: [
    '# Rollback to the previous deployment',
    'kubectl rollout undo deployment/abc',
    '',
    '# Check the rollout status of a daemonset',
    'kubectl rollout status daemonset/foo',
    '',
    '# Restart a deployment',
    'kubectl rollout restart deployment/abc',
    '',
    "# Restart deployments with the 'app=nginx' label",
    'kubectl rollout restart deployment --selector=app=nginx',
  ],
  usage: 'SUBCOMMAND',
  bare: 'stdout',
  commands: [historyCommand, pause, restart, resume, status, undo] };
