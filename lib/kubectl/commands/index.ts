import type { Command } from '../session.ts';
import { apply } from './apply.ts';
import { attach } from './attach.ts';
import { auth } from './auth.ts';
import { autoscale } from './autoscale.ts';
import { certificate } from './certificate.ts';
import { config } from './config.ts';
import { copy } from './copy.ts';
import { create } from './create.ts';
import { debug } from './debug.ts';
import { del } from './delete.ts';
import { describe } from './describe.ts';
import { diff } from './diff.ts';
import { events } from './events.ts';
import { explain } from './explain/index.ts';
import { exec } from './exec.ts';
import { expose } from './expose.ts';
import { get } from './get.ts';
import { annotate, label } from './label.ts';
import { logs } from './logs.ts';
import { apiResources, apiVersions, clusterInfo, notYet, version } from './misc.ts';
import { cordon, drain, uncordon } from './nodes.ts';
import { edit, patch, replace } from './patch.ts';
import { rollout } from './rollout.ts';
import { run } from './run.ts';
import { scale } from './scale.ts';
import { set } from './set.ts';
import { taint } from './taint.ts';
import { top } from './top.ts';
import { wait } from './wait.ts';

/** Every command, in the order of `kubectl help`. */
export const commands: Command[] = [
  ...[create, expose, run, set],
  ...[explain, get, edit, del],
  ...[rollout, scale, autoscale],
  ...[certificate, clusterInfo, top, cordon, uncordon, drain, taint],
  ...[describe, logs, attach, exec, copy, auth, debug, events],
  ...[diff, apply, patch, replace, wait],
  ...[label, annotate],
  ...[apiResources, apiVersions, config, version],
  ...notYet,
];
