import { applyStrategicPatch, inApiVersion, isNotFound, type KubeObject, type Manifest, patchMeta } from '../../api/index.ts';
import { CommandError, throwBoth, UsageError, wrapped } from '../errors.ts';
import { bool, string, time } from '../flags.ts';
import { goJson } from '../go-text.ts';
import { clientKind, keyOf, splitApiVersion } from '../names.ts';

import { lastApplied, withLastApplied } from '../last-applied.ts';
import { dryRun, Reporter } from '../print.ts';
import { withCause } from '../record.ts';
import { forEach, lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { patchTypeFor, threeWayPatch } from '../three-way.ts';
import { checkPrune, prunable, pruned, pruneError, pruneFlags } from './prune.ts';
import { setLastApplied, viewLastApplied } from './last-applied.ts';
import { applyManager, applyOnServer, checkServerSide } from './server-side-apply.ts';
import { dryRunFlag, fieldValidation, fileFlags, printFlags, validateFlag } from './create.ts';

export const apply: Command = {
  name: 'apply',
  short: 'Apply a configuration to a resource by file name or stdin',
  usage: '(-f FILENAME | -k DIRECTORY)',
  flags: [
    ...printFlags,
    dryRunFlag,
    validateFlag,
    ...fileFlags,
    string('selector', 'l'),
    bool('all'),
    bool('force'),
    bool('overwrite', undefined, 'true'),
    bool('server-side'),
    bool('force-conflicts'),
    bool('wait'),
    time('timeout'),
    { name: 'cascade', type: 'string', value: 'background', alone: 'background' },
    { name: 'grace-period', type: 'int', value: '-1' },
    bool('openapi-patch', undefined, 'true'),
    ...pruneFlags,
    string('field-manager'),
    string('subresource'),
  ],
  commands: [setLastApplied, viewLastApplied],
  run(call) {
    if (call.args.length > 0) throw new UsageError(`Unexpected args: [${call.args.join(' ')}]`, call.command);
    if (call.flags.list('filename').length === 0 && call.flags.list('kustomize').length === 0) throw new CommandError('must specify one of -f and -k');
    const reporter = new Reporter(call, { together: true });
    checkServerSide(call);
    checkPrune(call);
    if (call.flags.bool('prune')) prunable(call);
    const { infos, errors: inFiles } = resolve(call, { local: true });
    if (infos.length === 0 && inFiles.length === 0) throw new CommandError('no objects passed to apply');
    const errors: Error[] = [];
    const applyEach = call.flags.bool('server-side') ? applyOnServer : applyOne;
    const applied: Info[] = [];
    forEach(infos, errors, (info) => void applied.push({ ...info, object: applyEach(call, info, reporter) }));
    throwBoth(inFiles, errors);
    reporter.flush();
    if (call.flags.bool('prune')) for (const info of pruned(call, applied)) prune(call, info, reporter);
  },
};

function prune(call: Call, info: Info, reporter: Reporter): void {
  const grace = call.flags.int('grace-period');
  try {
    if (dryRun(call) !== 'client') call.client.delete(info.object!, { propagationPolicy: 'Background', ...(grace >= 0 && { gracePeriodSeconds: grace }), ...(dryRun(call) === 'server' && { dryRun: true }) });
  } catch (error) {
    throw pruneError(error, info);
  }
  reporter.report(info, 'pruned');
}

function told(reporter: Reporter, info: Info, done: string): KubeObject {
  reporter.report(info, done);
  return info.object!;
}

/** What the object is afterwards. */
function applyOne(call: Call, info: Info, reporter: Reporter): KubeObject {
  const manifest = withCause(call, info.object as Manifest);
  if (manifest.metadata?.generateName && !manifest.metadata.name) {
    throw new CommandError(`from ${manifest.metadata.generateName}: cannot use generate name with apply`);
  }
  let current: KubeObject | undefined;
  try {
    if (!info.name) throw new CommandError('resource name may not be empty');
    current = found(call, info);
  } catch (error) {
    throw wrapped(error, `error when retrieving current configuration of:\n${described(info)}\nfrom server for: ${JSON.stringify(info.source)}`);
  }
  const object = withLastApplied(manifest);
  if (!current) return createApplied(call, { ...info, object }, reporter);
  return patchApplied(call, { ...info, object }, { current, reporter });
}

/** As it is in the API version of the file: an autoscaler of v1 has other fields than one of v2. */
function found(call: Call, info: Info): KubeObject | undefined {
  const object = lookUp(call, info);
  return object && inApiVersion(info.resource, object, info.apiVersion);
}

function createApplied(call: Call, info: Info, reporter: Reporter): KubeObject {
  if (dryRun(call) === 'client') return told(reporter, info, 'created');
  try {
    const object = call.client.create(info.object as Manifest, { dryRun: dryRun(call) === 'server', fieldManager: applyManager(call), fieldValidation: fieldValidation(call) });
    return told(reporter, { ...info, object }, 'created');
  } catch (error) {
    throw wrapped(error, `error when creating ${JSON.stringify(info.source)}`);
  }
}

function patchApplied(call: Call, info: Info, { current, reporter }: { current: KubeObject; reporter: Reporter }): KubeObject {
  const { resource } = info;
  const before = current.metadata.annotations?.[lastApplied];
  if (before === undefined) {
    call.out.warn(
      `resource ${resource.plural}/${info.name} is missing the ${lastApplied} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
    );
  }
  const modified = info.object as unknown as Record<string, unknown>;
  const patch = threeWayPatch({ original: before ? originalOf(before) : undefined, modified, current }, patchMeta(info.apiVersion, resource.kind));
  if (dryRun(call) === 'client') return told(reporter, { ...info, object: applyStrategicPatch(current, patch, patchMeta(info.apiVersion, resource.kind)!) }, 'configured');
  if (Object.keys(patch).length === 0) return told(reporter, { ...info, object: current }, 'unchanged');
  try {
    const object = call.client.patch(clientKind(resource), keyOf(info), patch, { type: patchTypeFor(resource), version: info.apiVersion.split('/').at(-1)!, dryRun: dryRun(call) === 'server', fieldManager: applyManager(call), fieldValidation: fieldValidation(call) });
    const unchanged = object.metadata.resourceVersion === current.metadata.resourceVersion && dryRun(call) === 'none';
    return told(reporter, { ...info, object }, unchanged ? 'unchanged' : 'configured');
  } catch (error) {
    if (isNotFound(error)) throw error;
    throw wrapped(error, `error when applying patch:\n${goJson(patch)}\nto:\n${described(info)}\nfor: ${JSON.stringify(info.source)}: error when patching ${JSON.stringify(info.source)}`);
  }
}

function originalOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function described(info: Info): string {
  const { group, version } = splitApiVersion(info.apiVersion);
  const prefix = group ? `${group}/${version}` : `/${version}`;
  return `Resource: ${JSON.stringify(`${prefix}, Resource=${info.resource.plural}`)}, GroupVersionKind: ${JSON.stringify(`${prefix}, Kind=${info.resource.kind}`)}\nName: ${JSON.stringify(info.name)}, Namespace: ${JSON.stringify(info.namespace)}`;
}

