// The test image of Kubernetes: one program with many small commands (test/images/agnhost).
import type { Process, Program } from '../../program.ts';
import { fileServer } from '../http.ts';
import { conversionWebhook } from './conversion-webhook.ts';
import { guestbook } from './guestbook.ts';
import { mounttest } from './mounttest.ts';
import { netexec } from './netexec.ts';
import { nettest } from './nettest.ts';
import { flag, goMilliseconds, query, stamp } from './options.ts';
import { portForwardTester } from './port-forward-tester.ts';
import { porter } from './porter.ts';
import { webhook } from './webhook.ts';

/** Go programs end with 2 when a signal ends them as process 1. */
const terminate = { after: 10, exitCode: 2 };

const pause: Program = (process) => {
  process.logLines(['Paused']);
  return { terminate };
};

const serveHostname: Program = (process) => {
  const port = Number(flag(process.argv, '--port') ?? 9376);
  process.listen(port, ({ from }, server) => {
    server.logLines((at) => [`${stamp(at)}HTTP request from ${from}:40000`]);
    return { status: 200, body: server.hostname };
  });
  process.logLines((at) => [`${stamp(at)}Serving on port ${port}.`]);
  // It waits for its pod to be deleted, longer than most pods have.
  return { terminate: { after: 60_000, exitCode: 0 } };
};

/** Healthy for ten seconds, then not: the example of the probe documentation. */
const liveness: Program = (process) => {
  const started = process.clock.now;
  process.listen(8080, ({ path }, server) => {
    const seconds = (server.clock.now - started) / 1000;
    if (path.startsWith('/started')) return { status: 200, body: `${seconds}s` };
    if (path.startsWith('/redirect')) return redirect(query(path)('loc'));
    if (!path.startsWith('/healthz')) return { status: 404, body: '404 page not found\n' };
    return seconds > 10 ? { status: 500, body: `error: ${seconds}` } : { status: 200, body: 'ok' };
  });
  return { terminate };
};

/** As Go's http.Redirect answers a GET. */
const redirect = (to: string) => ({ status: 302, body: `<a href="${to}">Found</a>.\n\n`, headers: { Location: to, 'Content-Type': 'text/html; charset=utf-8' } });

const testWebserver: Program = (process) => {
  process.listen(Number(flag(process.argv, '--port') ?? 80), fileServer('', '<pre>\n</pre>\n'));
  return { terminate };
};

const entrypointTester: Program = (process) => {
  process.log(`[${process.argv.join(' ')}]`);
  process.after(10, () => process.exit(0));
  return {};
};

/** Lines as an API server logs them, evenly over a time. */
const logsGenerator: Program = (process) => {
  const total = Number(flag(process.argv, '--log-lines-total', '-t') ?? 0);
  const every = (goMilliseconds(flag(process.argv, '--run-duration', '-d') ?? '') ?? 0) / total;
  if (!(total > 0) || !(every > 0)) {
    process.log(total > 0 ? 'Invalid duration: 0s' : `Invalid total number of lines: ${total}`);
    process.after(10, () => process.exit(255));
    return {};
  }
  const line = (id: number) => {
    if (id >= total) return process.exit(0);
    const { random } = process;
    process.log(`${klog(process.clock.now)} 1 logs_generator.go:76] ${id} ${random.pick(['GET', 'POST', 'PUT'])} /api/v1/namespaces/${random.pick(['kube-system', 'default', 'ns'])}/pods/${random.suffix(3 + random.int(2))} ${200 + random.int(400)}`);
    process.after(every, () => line(id + 1));
  };
  line(0);
  return { terminate };
};

/** `I0101 00:00:00.000000` */
const klog = (at: number) => `I${new Date(at).toISOString().slice(5, 23).replace('-', '').replace('T', ' ')}000      `;

const commands: Record<string, Program> = {
  'crd-conversion-webhook': conversionWebhook,
  'entrypoint-tester': entrypointTester,
  guestbook,
  liveness,
  'logs-generator': logsGenerator,
  mounttest,
  netexec,
  nettest,
  pause,
  'port-forward-tester': portForwardTester,
  porter,
  'serve-hostname': serveHostname,
  'test-webserver': testWebserver,
  webhook,
};

/** Commands whose work nobody looks at yet wait for their end. */
export const agnhost: Program = (process: Process) => {
  const name = process.argv.slice(1).find((word) => !word.startsWith('-')) ?? '';
  return commands[name]?.(process) ?? { terminate };
};
