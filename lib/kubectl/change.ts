// Reading an object, changing a copy, and sending the difference as a patch.
import { draft, type KubeObject, patchMeta } from '../api/index.ts';
import { clientKind, keyOf } from './names.ts';
import { dryRun } from './print.ts';
import { recordCause } from './record.ts';
import type { Call, Info } from './session.ts';
import { patchTypeFor, threeWayPatch } from './three-way.ts';

type Loose = Record<string, any>;

/** The strategic merge patch that turns one object into another. */
function twoWayPatch(info: Info, before: KubeObject, after: KubeObject): Record<string, unknown> {
  return threeWayPatch({ original: before as never, modified: after as never, current: before }, patchMeta(info.apiVersion, info.resource.kind));
}

/** Changes a copy of the object and sends the difference. `patched` is undefined when nothing changed. */
export function change(call: Call, info: Info, edit: (copy: Loose) => void): { object: KubeObject; changed: boolean } {
  const before = info.object!;
  const after = draft(before) as KubeObject;
  edit(after);
  recordCause(call, after);
  const patch = twoWayPatch(info, before, after);
  if (Object.keys(patch).length === 0) return { object: before, changed: false };
  if (dryRun(call) === 'client' || call.flags.bool('local')) return { object: after, changed: true };
  const object = call.client.patch(clientKind(info.resource), keyOf(info), patch, { type: patchTypeFor(info.resource), dryRun: dryRun(call) === 'server', fieldManager: `kubectl-${call.command.split(' ')[1]}` });
  return { object, changed: true };
}

/** The pod template's spec, or the pod's own; undefined for kinds that run no pods. */
export function podSpecOf(object: Loose): Loose | undefined {
  if (object.kind === 'Pod') return object.spec;
  return object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec;
}
