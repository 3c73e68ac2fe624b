// Lifecycle hooks: what a container is told after it started and before it stops (pkg/kubelet/lifecycle/handlers.go).
import type { Container } from '../api/index.ts';
import { type ContainerRecord, hostPort } from '../machine/index.ts';
import type { PodParts } from './pod-parts.ts';
import { portNumber } from './probes.ts';
import type { Worker } from './worker.ts';

type Hook = NonNullable<NonNullable<Container['lifecycle']>['postStart']>;

interface HookResult {
  /** Milliseconds that it took. */
  took: number;
  /** Why it failed, with what it printed; undefined when all is well. */
  failed?: string;
}

/** Differs from Kubernetes: what a hook does is done at once; the time that it would have taken is waited for. */
export function runHook(parts: PodParts, worker: Worker, { container, record, hook }: { container: Container; record: ContainerRecord; hook: Hook }): HookResult {
  const where = `for Container ${JSON.stringify(container.name)} in Pod "${worker.pod.metadata.name}_${worker.pod.metadata.namespace}(${worker.uid})" failed`;
  const sleep = (hook as { sleep?: { seconds: number } }).sleep;
  if (sleep) return { took: sleep.seconds * 1000 };
  if (hook.exec) return runExec(parts, record, { command: hook.exec.command ?? [], where });
  return hook.httpGet ? { took: 0, ...call(parts, worker, { container, get: hook.httpGet, where }) } : { took: 0 };
}

function runExec({ runtime }: PodParts, record: ContainerRecord, { command, where }: { command: readonly string[]; where: string }): HookResult {
  const { exitCode, stderr, stdout, error, took = 0 } = runtime.exec(record.id, command);
  if (exitCode === 0 && !error) return { took };
  const why = error ? `rpc error: code = Unknown desc = ${error}` : `command '${command.join(' ')}' exited with ${exitCode}: ${stderr}`;
  return { took, failed: `Exec lifecycle hook ([${command.join(' ')}]) ${where} - error: ${why}, message: ${JSON.stringify(stdout + stderr)}` };
}

function call({ runtime, network, machine, version }: PodParts, worker: Worker, { container, get, where }: { container: Container; get: NonNullable<Hook['httpGet']>; where: string }): { failed?: string } {
  const { path = '/', port, host = runtime.pods.get(worker.uid)?.ip ?? '', httpHeaders } = get;
  const number = portNumber(port, container);
  const url = `http://${hostPort(host, number)}${path.startsWith('/') ? path : `/${path}`}`;
  const sendsHeaders = version.has('http-hook-headers');
  const failed = (why: string) => ({ failed: `${version.has('http-hook-spelling') ? 'HTTP' : 'Http'} lifecycle hook (${path}) ${where} - error: ${why}${sendsHeaders ? '' : ', message: ""'}` });
  if (typeof number === 'string') return failed(number);
  const dial = network.dial({ node: machine.name, ip: machine.ip }, host, number);
  if (dial.error) return failed(`Get ${JSON.stringify(url)}: dial tcp ${hostPort(host, number)}: ${dial.error === 'refused' ? 'connect: connection refused' : 'i/o timeout'}`);
  const headers = sendsHeaders ? { 'User-Agent': `kube-lifecycle/1.${version.minor}`, ...Object.fromEntries((httpHeaders ?? []).map(({ name, value }) => [name, value])) } : { 'User-Agent': 'Go-http-client/1.1' };
  dial.listener({ method: 'GET', path, host, port: number, from: machine.ip, headers });
  return {};
}
