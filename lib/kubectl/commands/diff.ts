// kubectl diff: what `apply` would change, as the program diff shows two folders.
import { structuredPatch } from 'diff';
import { type KubeObject, patchMeta } from '../../api/index.ts';
import { timestamp } from '../../sim/index.ts';
import { CommandError, errorText, PlainError } from '../errors.ts';
import { bool, int, string } from '../flags.ts';
import { lastApplied } from '../last-applied.ts';
import { clientKind, keyOf } from '../names.ts';
import { withoutManagedFields } from '../print.ts';
import { lookUp, resolve } from '../resolve.ts';
import type { Call, Command, Info } from '../session.ts';
import { patchTypeFor, threeWayPatch } from '../three-way.ts';
import { printYaml } from '../yaml/print.ts';
import { fileFlags } from './create.ts';
import { pruned, pruneFlags } from './prune.ts';

interface Pair {
  /** `apps.v1.Deployment.default.web` */
  name: string;
  live: KubeObject | undefined;
  merged: KubeObject | undefined;
}

export const diff: Command = {
  name: 'diff',
  short: 'Diff the live version against a would-be applied version',
  usage: '-f FILENAME',
  flags: [...fileFlags, ...pruneFlags, bool('server-side'), bool('force-conflicts'), bool('show-managed-fields'), string('selector', 'l'), string('field-manager'), int('concurrency', '1')],
  run(call) {
    let pairs: Pair[];
    try {
      pairs = pairsOf(call);
    } catch (error) {
      // Exit code 1 says that there are differences.
      throw new PlainError(errorText(error as Error), 2);
    }
    const text = pairs.sort((a, b) => (a.name < b.name ? -1 : 1)).map((pair) => unified(call, pair)).join('');
    call.out.write(text);
    if (text) throw new PlainError('');
  },
};

function pairsOf(call: Call): Pair[] {
  const { flags } = call;
  if (call.args.length > 0) throw new CommandError(`Unexpected args: [${call.args.join(' ')}]\nSee 'kubectl diff -h' for help and examples`);
  if (flags.list('filename').length + flags.list('kustomize').length === 0) throw new CommandError('must specify one of -f and -k');
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) throw new CommandError('--force-conflicts only works with --server-side');
  const infos: Info[] = [];
  const pairs = resolve(call, { local: true }).found.map((one): Pair => {
    if (one instanceof Error) throw one;
    const live = lookUp(call, one);
    if (live) infos.push({ ...one, object: live });
    return { name: fileName(one), live, merged: merged(call, one, live) };
  });
  const gone = flags.bool('prune') ? pruned(call, infos) : [];
  return [...pairs, ...gone.map((info) => ({ name: fileName(info), live: info.object, merged: undefined }))];
}

const fileName = ({ apiVersion, resource, namespace, name }: Info) => `${apiVersion.replace('/', '.')}.${resource.kind}.${namespace}.${name}`;

/** The object after a dry run of `apply` on the server. */
function merged(call: Call, info: Info, live: KubeObject | undefined): KubeObject {
  const kind = clientKind(info.resource);
  const options = { dryRun: true, fieldManager: call.flags.string('field-manager') || (call.flags.bool('server-side') ? 'kubectl' : 'kubectl-client-side-apply') };
  if (call.flags.bool('server-side')) return call.client.patch(kind, keyOf(info), info.object, { ...options, type: 'apply', force: call.flags.bool('force-conflicts') }) as KubeObject;
  if (!live) return call.client.create(info.object!, options);
  const before = live.metadata.annotations?.[lastApplied];
  const patch = threeWayPatch({ original: before ? JSON.parse(before) : undefined, modified: info.object as never, current: live }, patchMeta(info.apiVersion, info.resource.kind));
  return Object.keys(patch).length === 0 ? live : (call.client.patch(kind, keyOf(info), patch, { ...options, type: patchTypeFor(info.resource) }) as KubeObject);
}

type Data = Record<string, string>;

/** A secret's values are hidden; only whether they differ is told. */
function masked({ live, merged }: Pair): [KubeObject | undefined, KubeObject | undefined] {
  if ((live ?? merged)?.kind !== 'Secret') return [live, merged];
  const [a, b] = [live?.data as Data | undefined, merged?.data as Data | undefined];
  const hide = (own: Data | undefined, other: Data | undefined, side: string) =>
    own && Object.fromEntries(Object.keys(own).map((key) => [key, other?.[key] === undefined || other[key] === own[key] ? '***' : `*** (${side})`]));
  return [live && { ...live, ...(a && { data: hide(a, b, 'before') }) }, merged && { ...merged, ...(b && { data: hide(b, a, 'after') }) }] as [KubeObject | undefined, KubeObject | undefined];
}

function unified(call: Call, pair: Pair): string {
  // Of what would be pruned kubectl shows the managed fields, asked or not.
  const keep = call.flags.bool('show-managed-fields') || !pair.merged;
  const [live, merged] = masked(pair).map((object) => (object ? printYaml(keep ? call.client.withManagedFields(object) : withoutManagedFields(object)) : '')) as [string, string];
  const { hunks } = structuredPatch('', '', live, merged, '', '', { context: 3 });
  if (hunks.length === 0) return '';
  // kubectl names its two folders at random.
  const [from, to] = ['LIVE', 'MERGED'].map((side) => `/tmp/${side}-${call.now() % 10_000_000_000}/${pair.name}`);
  const time = `${timestamp(call.now()).replace('T', ' ').replace('Z', '')}.000000000 +0000`;
  const range = (start: number, count: number) => (count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`);
  const bodies = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@\n${lines.join('\n')}\n`);
  return `diff -u -N ${from} ${to}\n--- ${from}\t${time}\n+++ ${to}\t${time}\n${bodies.join('')}`;
}
