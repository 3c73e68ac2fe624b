import { applyJsonPatch, applyMergePatch, applyStrategicPatch, equal, type KubeObject, patchMeta, StatusError } from '../../api/index.ts';
import type { PatchType } from '../../client/types.ts';
import { CommandError, throwAll, wrapped } from '../errors.ts';
import { bool, string, time } from '../flags.ts';
import { checkLocal } from '../local.ts';
import { clientKind, keyOf, kindName, slashName } from '../names.ts';
import { dryRun, Reporter } from '../print.ts';
import { noteCause } from '../record.ts';
import { fetchObject, forEach, lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { waitUntil } from '../time.ts';
import { goYamlError } from '../yaml/go-error.ts';
import { parseYaml } from '../yaml/parse.ts';
import { dryRunFlag, fieldValidation, fileFlags, printFlags, validateFlag } from './create.ts';

export const patch: Command = {
  name: 'patch',
  short: 'Update fields of a resource',
  usage: '(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  flags: [...printFlags, dryRunFlag, ...fileFlags, string('patch', 'p'), string('patch-file'), string('type', undefined, 'strategic'), string('subresource'), bool('local'), string('field-manager')],
  run(call) {
    const { flags } = call;
    const reporter = new Reporter(call);
    if (flags.string('patch') && flags.string('patch-file')) throw new CommandError('cannot specify --patch and --patch-file together');
    if (!flags.string('patch') && !flags.string('patch-file')) throw new CommandError('must specify --patch or --patch-file containing the contents of the patch');
    if (flags.bool('local') && call.args.length > 0) throw new CommandError('cannot specify --local and server resources');
    checkLocal(call, []);
    const type = flags.string('type').toLowerCase() || 'strategic';
    if (!['json', 'merge', 'strategic'].includes(type)) throw new CommandError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.string('type'))}`);
    const body = patchBody(call);
    const { infos, errors } = resolve(call, { local: flags.bool('local') });
    forEach(infos, errors, (info) => {
      const subresource = flags.string('subresource');
      if (subresource && !info.resource.subresources?.some(({ name }) => name === subresource)) throw new StatusError('NotFound', 404, 'the server could not find the requested resource');
      if (flags.bool('local') || dryRun(call) === 'client') {
        const object = patchedHere(info, body, type as PatchType);
        return reporter.report(info, equal(object, info.object) ? 'patched (no change)' : 'patched', object, { quiet: true });
      }
      const object = call.client.patch(clientKind(info.resource), keyOf(info), body, { type: type as PatchType, dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-patch', ...(subresource && { subresource }) });
      noteCause(call, info);
      const changed = object.metadata.resourceVersion !== info.object!.metadata.resourceVersion || dryRun(call) !== 'none';
      const shown = subresource === 'scale' ? { ...info, resource: { ...info.resource, kind: 'Scale', group: 'autoscaling' } } : info;
      reporter.report(shown, changed ? 'patched' : 'patched (no change)', object);
    });
    throwAll(errors);
  },
};

/** The patch carried out on the workstation, where nobody checks what comes out. */
function patchedHere({ object, apiVersion, resource }: Info, body: unknown, type: PatchType): KubeObject {
  const meta = patchMeta(apiVersion, resource.kind);
  try {
    if (type === 'json') return applyJsonPatch(object!, body);
    return type === 'strategic' && meta ? applyStrategicPatch(object!, body, meta) : applyMergePatch(object!, body);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}

function patchBody(call: Call): unknown {
  const { flags } = call;
  const file = flags.string('patch-file');
  const text = file ? call.options.files?.get(file.replace(/^\.\//, '')) : flags.string('patch');
  if (text === undefined) throw new CommandError(`unable to read patch file: open ${file}: no such file or directory`);
  const problem = goYamlError(text);
  if (problem) throw new CommandError(`unable to parse ${JSON.stringify(text)}: yaml: ${problem.message}`);
  const body = parseYaml(text);
  // A word alone is a string in YAML, and the server wants an object.
  if (typeof body === 'string') throw new StatusError('BadRequest', 400, 'json: cannot unmarshal string into Go value of type map[string]interface {}');
  return body;
}

export const replace: Command = {
  name: 'replace',
  short: 'Replace a resource by file name or stdin',
  usage: '-f FILENAME',
  flags: [...printFlags, dryRunFlag, validateFlag, ...fileFlags, bool('force'), bool('save-config'), bool('wait'), time('timeout'), { name: 'grace-period', type: 'int', value: '-1' }, { name: 'cascade', type: 'string', value: 'background', alone: 'background' }, string('raw'), string('subresource'), string('field-manager')],
  run(call) {
    const reporter = new Reporter(call);
    if (call.flags.list('filename').length === 0) throw new CommandError('must specify one of -f and -k');
    const { found } = resolve(call, { local: true });
    if (found.length === 0) throw new CommandError('no objects passed to replace');
    const errors: Error[] = [];
    forEach(found, errors, (info) => (call.flags.bool('force') ? recreate(call, info, reporter) : replaceOne(call, info, reporter)));
    throwAll(errors);
  },
};

function replaceOne(call: Call, info: Info, reporter: Reporter): void {
  if (dryRun(call) === 'client') return reporter.report(info, 'replaced');
  if (!info.name) throw new CommandError(`error when replacing ${JSON.stringify(info.source)}: resource name may not be empty`);
  try {
    let body = info.object!;
    if (!body.metadata.resourceVersion) body = { ...body, metadata: { ...body.metadata, resourceVersion: fetchObject(call, info).metadata.resourceVersion } };
    const object = call.client.update(body, { dryRun: dryRun(call) === 'server', fieldManager: 'kubectl-replace', fieldValidation: fieldValidation(call) });
    reporter.report({ ...info, object }, 'replaced');
  } catch (error) {
    throw wrapped(error, `error when replacing ${JSON.stringify(info.source)}`);
  }
}

function recreate(call: Call, info: Info, reporter: Reporter): void {
  const present = lookUp(call, info);
  if (present) {
    call.client.delete({ kind: clientKind(info.resource), metadata: keyOf(info) } as KubeObject, { propagationPolicy: 'Background', ...(call.flags.int('grace-period') >= 0 && { gracePeriodSeconds: call.flags.int('grace-period') }) });
    call.out.line(`${kindName(info.resource)} ${JSON.stringify(info.name)} deleted`);
    const gone = waitUntil(call, call.flags.duration('timeout') || 5 * 60_000, () => lookUp(call, info)?.metadata.uid !== present.metadata.uid);
    if (!gone) throw new CommandError(`timed out waiting for ${slashName(info)} to be deleted`);
  }
  reporter.report({ ...info, object: call.client.create(info.object!, { fieldManager: 'kubectl-replace' }) }, 'replaced');
}

export const edit: Command = {
  name: 'edit',
  short: 'Edit a resource on the server',
  usage: '(RESOURCE/NAME | -f FILENAME)',
  flags: [...printFlags, ...fileFlags, string('selector', 'l'), bool('save-config'), bool('output-patch'), validateFlag],
  run(call) {
    const { errors } = resolve(call);
    throwAll(errors);
    // Differs from Kubernetes: there is no terminal to open an editor in.
    throw new CommandError('unable to launch the editor "vi": exec: "vi": executable file not found in $PATH');
  },
};
