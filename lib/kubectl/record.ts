// --record: the command line as the cause of a change, in an annotation. Deprecated, and still what old notes use.
import { clientKind, keyOf } from './names.ts';
import { dryRun } from './print.ts';
import type { Call, Info } from './session.ts';

type Loose = Record<string, any>;

const changeCause = 'kubernetes.io/change-cause';

/** Commands that know --record, by their first word. */
export const recording: ReadonlySet<string> = new Set(['annotate', 'apply', 'autoscale', 'create', 'edit', 'expose', 'label', 'patch', 'replace', 'run', 'scale', 'set']);

/** `kubectl set image deploy web app=nginx:2 --record=true`: words first, then the flags as they were given. */
export const commandLine = ({ command, args, flags }: Pick<Call, 'command' | 'args' | 'flags'>): string => [command, ...args, ...flags.given().map(([name, value]) => `--${name}=${value}`)].join(' ');

/** Notes the command line on an object that is about to be sent. */
export function recordCause(call: Call, object: Loose): void {
  if (!call.flags.bool('record')) return;
  object.metadata = { ...object.metadata, annotations: { ...object.metadata?.annotations, [changeCause]: commandLine(call) } };
}

/** The same for an object that must not be changed. */
export function withCause<T>(call: Call, object: T): T {
  if (!call.flags.bool('record')) return object;
  const copy = { ...(object as Loose) };
  recordCause(call, copy);
  return copy as T;
}

/** Notes it on an object that was changed through another door. */
export function noteCause(call: Call, info: Info): void {
  if (!call.flags.bool('record') || dryRun(call) !== 'none') return;
  call.client.patch(clientKind(info.resource), keyOf(info), { metadata: { annotations: { [changeCause]: commandLine(call) } } }, { type: 'merge', fieldManager: `kubectl-${call.command.split(' ')[1]}` });
}
