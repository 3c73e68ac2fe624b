// kubectl apply --server-side: the server merges, and keeps who owns which field.
import { isConflict, type KubeObject, type Manifest } from '../../api/index.ts';
import { CommandError } from '../errors.ts';
import { clientKind, keyOf } from '../names.ts';
import { dryRun, type Reporter } from '../print.ts';
import type { Call, Info } from '../session.ts';

const clientSide = 'kubectl-client-side-apply';
const serverSide = 'kubectl';

export function checkServerSide(call: Call): void {
  const { flags } = call;
  if (flags.bool('force-conflicts') && !flags.bool('server-side')) throw new CommandError('--force-conflicts only works with --server-side');
  if (!flags.bool('server-side')) return;
  if (dryRun(call) === 'client') throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  if (flags.bool('force')) throw new CommandError('--force cannot be used with --server-side');
}

/** Both kinds of apply have a manager of their own. */
export const applyManager = ({ flags }: Call) => flags.string('field-manager') || (flags.bool('server-side') ? serverSide : clientSide);

export function applyOnServer(call: Call, info: Info, reporter: Reporter): KubeObject {
  const apply = () => send(call, info);
  let object = apply();
  // What was applied on the client side so far is taken over, so that fields left out since then go.
  if (call.version.has('apply-migrates-managers') && dryRun(call) === 'none' && migrate(call, info, object)) object = apply();
  reporter.report({ ...info, object }, 'serverside-applied');
  return object;
}

function send(call: Call, info: Info): KubeObject {
  try {
    return call.client.patch(clientKind(info.resource), keyOf(info), info.object, { type: 'apply', force: call.flags.bool('force-conflicts'), dryRun: dryRun(call) === 'server', fieldManager: applyManager(call) }) as KubeObject;
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw new CommandError(`${error.message}\n${advice}`);
  }
}

const advice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

type Entry = NonNullable<KubeObject['metadata']['managedFields']>[number];
type Fields = { [element: string]: Fields };

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
const ownsAnnotation = ({ fieldsV1 }: Entry) => Boolean((fieldsV1 as Fields)['f:metadata']?.['f:annotations']?.[`f:${annotation}`]);
/** Who writes the annotation by updates has applied on the client's side. */
const isClientSide = (entry: Entry) => entry.operation === 'Update' && !entry.subresource && ownsAnnotation(entry);

/** Makes what client-side apply owns the server-side applier's own; false when there is nothing. */
function migrate(call: Call, info: Info, object: KubeObject): boolean {
  if (!object.metadata.managedFields?.some(isClientSide)) return false;
  const manager = applyManager(call);
  const entries = (manager === serverSide ? keepAnnotation(call, info, object) : object).metadata.managedFields!;
  const former = entries.filter(isClientSide);
  const own = entries.find((entry) => entry.manager === manager && entry.operation === 'Apply') ?? { ...former[0]!, manager, operation: 'Apply', fieldsV1: {} };
  const fieldsV1 = former.reduce((fields, entry) => united(fields, entry.fieldsV1 as Fields), own.fieldsV1 as Fields);
  const managedFields = [...entries.filter((entry) => entry !== own && !former.includes(entry)), { ...own, fieldsV1 }];
  call.client.patch(clientKind(info.resource), keyOf(info), [{ op: 'replace', path: '/metadata/managedFields', value: managedFields }], { type: 'json', fieldManager: manager });
  return true;
}

/** The annotation gets an owner of its own and stays, for those who go on applying on the client's side. */
function keepAnnotation(call: Call, info: Info, object: KubeObject): KubeObject {
  const { annotations = {}, managedFields = [] } = object.metadata;
  if (managedFields.some((entry) => entry.operation === 'Apply' && ownsAnnotation(entry))) return object;
  const { apiVersion, kind, metadata } = info.object as Manifest;
  const body = { apiVersion, kind, metadata: { name: metadata!.name, annotations: { [annotation]: annotations[annotation] } } };
  return call.client.patch(clientKind(info.resource), keyOf(info), body, { type: 'apply', fieldManager: 'kubectl-last-applied' }) as KubeObject;
}

/** The fields of both; a field that one owns as a whole is marked where the other owns parts of it. */
function united(a: Fields, b: Fields): Fields {
  const out: Fields = { ...a };
  for (const [element, inner] of Object.entries(b)) {
    const mine = out[element];
    if (!mine) out[element] = inner;
    else if (Object.keys(mine).length > 0 || Object.keys(inner).length > 0) out[element] = united(whole(mine), whole(inner));
  }
  return out;
}

const whole = (fields: Fields): Fields => (Object.keys(fields).length === 0 ? { '.': {} } : fields);
