import { isImageReference, type KubeObject, type Manifest, type Pod } from '../../api/index.ts';
import { CommandError, PlainError, UsageError } from '../errors.ts';
import { bool, list, string, time } from '../flags.ts';
import { podManifest, serviceManifest } from '../generate.ts';
import { labelsOf } from '../pairs.ts';
import { dryRun, Reporter } from '../print.ts';
import { lookUp } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil } from '../time.ts';
import { dryRunFlag, infoOfMade, printFlags } from './create.ts';
import { watchContainer } from './watch-container.ts';

export const run: Command = {
  name: 'run',
  short: 'Run a particular image on the cluster',
  usage: 'NAME --image=image [--env="key=value"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]',
  flags: [
    ...printFlags,
    dryRunFlag,
    string('image'),
    list('env'),
    list('labels', 'l'),
    list('annotations'),
    string('port'),
    bool('expose'),
    bool('command'),
    string('restart', undefined, 'Always'),
    string('image-pull-policy'),
    bool('stdin', 'i'),
    bool('tty', 't'),
    bool('attach'),
    bool('rm'),
    bool('quiet', 'q'),
    bool('privileged'),
    bool('leave-stdin-open'),
    string('overrides'),
    string('override-type', undefined, 'merge'),
    bool('save-config'),
    time('pod-running-timeout', '1m0s'),
    string('field-manager'),
    // What it was for is gone since v1.18: a pod is all that is made.
    string('generator'),
  ],
  run(call) {
    const { flags } = call;
    if (flags.has('generator') && call.version.has('kubectl-run-without-generator')) throw new PlainError("error: unknown flag: --generator\nSee 'kubectl run --help' for usage.");
    if (flags.has('generator') && call.version.has('kubectl-run-pods-only')) call.out.error('Flag --generator has been deprecated, has no effect and will be removed in the future.');
    if (!flags.string('image')) throw new CommandError(flags.has('image') ? '--image is required' : 'required flag(s) "image" not set');
    const reporter = new Reporter(call, { typed: true });
    const [name, ...words] = call.args;
    if (!name || call.dash === 0) throw new UsageError('NAME is required for run', call.command);
    if (!isImageReference(flags.string('image'))) throw new CommandError(`Invalid image name ${JSON.stringify(flags.string('image'))}: invalid reference format`);
    if (flags.bool('tty') && !flags.bool('stdin')) throw new UsageError('-i/--stdin is required for containers with -t/--tty=true', call.command);
    if (flags.bool('expose') && !flags.string('port')) throw new UsageError('--port must be set when exposing a service', call.command);
    const attached = flags.bool('attach') || flags.bool('stdin');
    checkPolicies(call, attached);
    const pod = infoOfMade(call, withOverrides(call, manifestFor(call, name, words)));
    const created = send(call, pod);
    if (flags.bool('expose')) exposePod(call, name, reporter);
    if (!attached || dryRun(call) !== 'none') return reporter.report({ ...pod, object: created }, 'created');
    attach(call, { ...pod, object: created });
  },
};

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const pullPolicies = ['', 'Always', 'IfNotPresent', 'Never'];

function checkPolicies(call: Call, attached: boolean): void {
  const [restart, pull] = [call.flags.string('restart'), call.flags.string('image-pull-policy')];
  if (!restartPolicies.includes(restart)) throw new UsageError(`invalid restart policy: ${restart}`, call.command);
  if (call.flags.bool('rm') && !attached) throw new UsageError('--rm should only be used for attached containers', call.command);
  if (!pullPolicies.includes(pull)) throw new UsageError(`invalid image pull policy: ${pull}`, call.command);
}

/** A port as strconv.Atoi reads it. */
function portOf(text: string): number {
  if (text && !/^[-+]?\d+$/.test(text)) throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function manifestFor(call: Call, name: string, args: string[]): Manifest {
  const { flags } = call;
  const env = flags.all('env').map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw new CommandError(`invalid env: ${pair}`);
    return { name: pair.slice(0, at), value: pair.slice(at + 1) };
  });
  const wrong = flags.all('annotations').filter((pair) => !/^[^=]+=/.test(pair));
  if (wrong.length > 0) throw new CommandError(`invalid annotations format: ${wrong.join(', ')}`);
  const annotations = Object.fromEntries(flags.all('annotations').map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
  const labels = flags.has('labels') ? labelsOf(flags.all('labels')) : { run: name };
  const port = portOf(flags.string('port'));
  return podManifest(name, {
    image: flags.string('image'),
    args,
    asCommand: flags.bool('command'),
    env,
    labels,
    annotations,
    restartPolicy: flags.string('restart'),
    imagePullPolicy: flags.string('image-pull-policy'),
    stdin: flags.bool('stdin'),
    tty: flags.bool('tty'),
    privileged: flags.bool('privileged'),
    ...(port > 0 && { port }),
  });
}

function withOverrides(call: Call, manifest: Manifest): Manifest {
  const text = call.flags.string('overrides');
  if (!text) return manifest;
  try {
    return merge(manifest as Record<string, unknown>, JSON.parse(text) as Record<string, unknown>) as Manifest;
  } catch {
    throw new CommandError('Invalid JSON Patch');
  }
}

function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const both = [out[key], value].every((side) => typeof side === 'object' && side !== null && !Array.isArray(side));
    out[key] = both ? merge(out[key] as Record<string, unknown>, value as Record<string, unknown>) : value;
  }
  return out;
}

function send(call: Call, info: Info): KubeObject {
  if (dryRun(call) !== 'client') return call.client.create(info.object as Manifest, { dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-run' });
  if (call.namespaceGiven) return info.object!;
  const { namespace: _, ...metadata } = info.object!.metadata;
  return { ...info.object!, metadata };
}

function exposePod(call: Call, name: string, reporter: Reporter): void {
  const port = Number(call.flags.string('port'));
  const service = infoOfMade(call, serviceManifest(name, { ports: [{ port, protocol: 'TCP', targetPort: port }], selector: { run: name } }));
  reporter.report({ ...service, object: send(call, service) }, 'created');
  reporter.separate();
}

/** Waits until the container runs, shows what it prints, and cleans up after --rm. */
function attach(call: Call, info: Info): void {
  const { flags } = call;
  const pod = () => lookUp(call, info) as Pod | undefined;
  watchContainer(call, info, { container: (info.object as Pod).spec.containers[0]!.name, quiet: flags.bool('quiet'), timeout: flags.duration('pod-running-timeout'), input: flags.bool('stdin') && !flags.bool('tty') ? call.stdin : undefined });
  if (!flags.bool('rm')) return;
  call.client.delete({ kind: 'Pod', metadata: { namespace: info.namespace, name: info.name } });
  call.out.line(`pod ${JSON.stringify(info.name)} deleted`);
  waitUntil(call, 60_000, () => pod() === undefined);
}
