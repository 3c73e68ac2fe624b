import type { PolicyRule } from '../../api/index.ts';
import { CommandError, PlainError } from '../errors.ts';
import { bool, list, string } from '../flags.ts';
import { findResource } from '../names.ts';
import { accessColumns, accessRows } from '../rules.ts';
import type { Call, Command } from '../session.ts';
import { alignRows } from '../text/tabwriter.ts';
import { dryRunFlag, fileFlags, printFlags } from './create.ts';
import { reconcile } from './reconcile.ts';
import { whoAmI } from './whoami.ts';

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use', 'bind', 'impersonate', 'approve', 'sign', 'escalate', 'attest', '*'];
const urlVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*'];
const group = 'authorization.k8s.io/v1';

/** kubectl ends these warnings with an empty line. */
const warn = (call: Call, text: string) => call.out.error(`Warning: ${text}\n`);

function canI(call: Call): void {
  const { flags, args } = call;
  if (flags.bool('list')) return listAccess(call);
  if (args.length !== 2) throw new CommandError(`you must specify two arguments: verb resource or verb resource/resourceName.\nSee '${call.command} -h' for help and examples.`);
  const [verb, what] = args as [string, string];
  const isUrl = what.startsWith('/');
  const spec = isUrl ? { nonResourceAttributes: { verb, path: what } } : { resourceAttributes: resourceAttributes(call, verb, what) };
  if (isUrl && flags.string('subresource')) throw new CommandError('--subresource can not be used with NonResourceURL');
  if (isUrl && !urlVerbs.includes(verb)) warn(call, `verb '${verb}' is not a known verb`);
  if (flags.bool('no-headers')) throw new CommandError('--no-headers cannot be set without --list specified');
  const { status } = call.client.create({ apiVersion: group, kind: 'SelfSubjectAccessReview', spec });
  const why = [status.reason, status.evaluationError].filter(Boolean).map((text) => ` - ${text}`);
  if (!flags.bool('quiet')) call.out.line(status.allowed ? 'yes' : `no${why.join('')}`);
  if (!status.allowed) throw new PlainError('');
}

function resourceAttributes(call: Call, verb: string, what: string): object {
  const [type, name] = what.includes('/') ? [what.slice(0, what.indexOf('/')), what.slice(what.indexOf('/') + 1)] : [what, ''];
  const everywhere = call.flags.bool('all-namespaces');
  const found = type === '*' ? undefined : findResource(type.toLowerCase(), call.version);
  if (!found && type !== '*') {
    const [plain, ...inGroup] = type.toLowerCase().split('.');
    warn(call, `the server doesn't have a resource type '${plain}'${inGroup.length > 0 ? ` in group '${inGroup.join('.')}'` : ''}`);
  }
  if (found && !found.namespaced && !everywhere) warn(call, `resource '${found.plural}' is not namespace scoped${found.group ? ` in group '${found.group}'` : ''}`);
  if (!everywhere && !verbs.includes(verb)) warn(call, `verb '${verb}' is not a known verb`);
  const subresource = call.flags.string('subresource');
  return { ...(!everywhere && { namespace: call.namespace }), verb, group: found?.group ?? '', resource: found?.plural ?? type, ...(subresource && { subresource }), ...(name && { name }) };
}

function listAccess(call: Call): void {
  const { flags, args } = call;
  if (args.length > 0) throw new CommandError('list option must be specified with no arguments');
  if (flags.bool('quiet') || flags.bool('all-namespaces') || flags.string('subresource')) throw new CommandError("list option can't be specified with neither quiet, all-namespaces nor subresource options");
  const { status } = call.client.create({ apiVersion: group, kind: 'SelfSubjectRulesReview', spec: { namespace: call.namespace } });
  if (status.incomplete) call.out.error(`warning: the list may be incomplete: ${status.evaluationError ?? ''}`);
  const rows = accessRows([...status.resourceRules, ...status.nonResourceRules] as PolicyRule[]);
  call.out.write(alignRows(flags.bool('no-headers') ? rows : [accessColumns, ...rows]));
}

export const auth: Command = {
  name: 'auth',
  short: 'Inspect authorization',
  commands: [
    {
      name: 'can-i',
      short: 'Check whether an action is allowed',
      usage: 'VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
      flags: [bool('all-namespaces', 'A'), bool('list'), bool('quiet', 'q'), bool('no-headers'), string('subresource')],
      run: canI,
    },
    {
      name: 'reconcile',
      short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
      usage: '-f FILENAME',
      flags: [...printFlags, ...fileFlags, dryRunFlag, bool('remove-extra-permissions'), bool('remove-extra-subjects'), list('field-manager')],
      run: reconcile,
    },
    {
      name: 'whoami',
      short: 'Experimental: Check self subject attributes',
      flags: printFlags,
      run: whoAmI,
    },
  ],
};
