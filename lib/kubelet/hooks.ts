// Lifecycle hooks: what is run after a container has started, and before it is stopped.
import type { Container } from '../api/index.ts';
import type { ContainerRecord } from '../machine/index.ts';
import type { PodParts } from './pod-parts.ts';
import type { HttpGet } from './probes.ts';
import type { Worker } from './worker.ts';

export interface Hook {
  exec?: { command?: string[] };
  httpGet?: HttpGet;
  sleep?: { seconds: number };
}

export interface HookResult {
  /** Milliseconds. */
  took: number;
  /** The message of FailedPostStartHook and FailedPreStopHook. */
  failure?: string;
}

export interface HookOptions {
  container: Container;
  record: ContainerRecord;
  name: 'PostStart' | 'PreStop';
}

export function runHook(parts: PodParts, worker: Worker, hook: Hook, { container, record, name }: HookOptions): HookResult {
  const failed = (kind: string, what: string, why: string, output: string): string => {
    if (parts.version.has('back-off-names-container')) return `${name}Hook failed`;
    const { metadata } = worker.pod;
    return `${kind} lifecycle hook (${what}) for Container ${JSON.stringify(container.name)} in Pod "${metadata.name}_${metadata.namespace}(${worker.uid})" failed - error: ${why}, message: ${JSON.stringify(output)}`;
  };
  if (hook.exec) {
    const { command = [] } = hook.exec;
    const { exitCode, stdout, stderr, error, took = 0 } = parts.runtime.exec(record.id, command);
    if (exitCode === 0 && !error) return { took };
    return { took, failure: failed('Exec', `[${command.join(' ')}]`, `command '${command.join(' ')}' exited with ${exitCode}: ${stderr}`, stdout + stderr) };
  }
  if (hook.httpGet) {
    const problem = parts.prober.reach(worker, container, hook.httpGet);
    return { took: 0, ...(problem && { failure: failed('Http', hook.httpGet.path ?? '/', problem, '') }) };
  }
  return { took: (hook.sleep?.seconds ?? 0) * 1000 };
}
