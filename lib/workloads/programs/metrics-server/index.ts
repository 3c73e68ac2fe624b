// metrics-server: asks every kubelet what is used, and answers metrics.k8s.io (kubernetes-sigs/metrics-server).
// Differs from metrics-server: it lists the nodes at every round and pods at every question, instead of watching them.
import type { HttpRequest, HttpResponse } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import { answer, type Desk, gate } from './api.ts';
import { type ApiClient, apiClient, Refused } from './api-client.ts';
import { klog, panic, structured } from './log.ts';
import { type Options, optionsOf, problemOf } from './options.ts';
import { type Release, releaseOf } from './releases.ts';
import { type NodeObject, scrape } from './scrape.ts';
import { Storage } from './storage.ts';

const MiB = 1024 * 1024;
const ended = { terminate: { after: 20, exitCode: 0 } };

export const metricsServer =
  (image: string): Program =>
  (process) => {
    const release = releaseOf(image);
    process.useMemory(18 * MiB);
    try {
      const options = optionsOf(process.argv, release);
      if (options.help) return finished(process, 'Launch metrics-server');
      if (options.version && release.minor >= 4) return finished(process, `v0.${release.minor}.0`);
      const problem = problemOf(options, release) ?? certificateProblem(process, options);
      if (problem) throw new Error(problem);
      start(process, { options, release });
    } catch (error) {
      usageError(process, (error as Error).message);
    }
    return ended;
  };

function finished(process: Process, text: string) {
  process.log(text);
  process.after(10, () => process.exit(0));
  return ended;
}

/** cobra says what was wrong and how it is used; then main panics. Differs from metrics-server: without the list of all flags. */
function usageError(process: Process, message: string): void {
  for (const line of [`Error: ${message}`, 'Usage:', '   [flags]', '']) process.log(line, 'stderr');
  panic(process, message);
}

/** It writes a certificate of its own into a folder that it must be able to write to. */
function certificateProblem({ files, workingDirectory }: Process, { certDir, hasCertificate }: Options): string | undefined {
  if (hasCertificate) return undefined;
  const folder = certDir.startsWith('/') ? certDir : `${workingDirectory === '/' ? '' : workingDirectory}/${certDir}`;
  let doing = `mkdir ${certDir.replace(/(?!^)\/.*/, '')}`;
  try {
    files.makeDirectories(folder);
    doing = `open ${certDir}/apiserver.crt`;
    for (const name of ['apiserver.crt', 'apiserver.key']) files.write(`${folder}/${name}`, `${name}\n`);
    return undefined;
  } catch (error) {
    return `error creating self-signed certificates: ${doing}: ${(error as Error).message.toLowerCase()}`;
  }
}

interface Setup {
  options: Options;
  release: Release;
}

function start(process: Process, { options, release }: Setup): void {
  const { lines } = release;
  if (!options.hasCertificate) klog(process, 'I', lines.certificate, `Generated self-signed cert (${options.certDir}/apiserver.crt, ${options.certDir}/apiserver.key)`);
  let api: ApiClient;
  try {
    api = apiClient(process, release);
  } catch (error) {
    const what = 'failed to get delegated authentication kubeconfig';
    throw new Error(`${what}: ${what}: ${(error as Error).message}`);
  }
  const trust = trustProblem(process, api);
  if (trust) throw new Error(trust);
  const storage = new Storage({ resolution: options.metricResolution, ownRate: release.ownRate });
  let nodes: NodeObject[] = [];
  const list = () => {
    const selector = options.nodeSelector ? `?labelSelector=${encodeURIComponent(options.nodeSelector)}` : '';
    nodes = api.get(`/api/v1/nodes${selector}`)['items'] as NodeObject[];
  };
  const desk: Desk = { api, release, storage, nodes: () => nodes, now: () => process.clock.now };
  const health = { ok: false };
  whenSynced(process, { list, api, minor: release.minor }, () => {
    klog(process, 'I', lines.serving, `Serving securely on [::]:${options.securePort}`);
    process.listen(options.securePort, serving(process, desk, health));
    const tick = () => {
      try {
        list();
      } catch (error) {
        if (!(error instanceof Refused)) throw error; // its copy of them stays as it was
      }
      const scraper = { process, options, release, token: () => api.token };
      scrape(scraper, nodes, (batch, ok) => {
        storage.store(batch);
        health.ok = ok;
      });
      process.after(options.metricResolution, tick);
    };
    tick();
  });
}

/** Whom to believe who somebody is (extension-apiserver-authentication). Differs from Kubernetes: it may be missing. */
function trustProblem(process: Process, api: ApiClient): string | undefined {
  try {
    api.get('/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication');
    return undefined;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === 404) return undefined;
    if (error.code === 403) klog(process, 'W', 'authentication.go:368', "Unable to get configmap/extension-apiserver-authentication in kube-system.  Usually fixed by 'kubectl create rolebinding -n kube-system ROLEBINDING_NAME --role=extension-apiserver-authentication-reader --serviceaccount=YOUR_NS:YOUR_SA'");
    return `unable to load configmap based request-header-client-ca-file: ${error.message}`;
  }
}

const [firstRetry, lastRetry] = [1_000, 30_000];

/** Calls `then` once nodes and pods could be listed; until then nothing is served. */
function whenSynced(process: Process, { list, api, minor }: { list(): void; api: ApiClient; minor: number }, then: () => void): void {
  const attempt = (retry: number): void => {
    let kind = '*v1.Node';
    try {
      list();
      kind = '*v1.PartialObjectMetadata';
      api.get('/api/v1/pods?limit=1');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const err = `failed to list ${kind}: ${error.message}`;
      if (minor >= 8) klog(process, 'E', 'reflector.go:200', structured('Failed to watch', { err, logger: 'UnhandledError', reflector: 'pkg/mod/k8s.io/client-go/tools/cache/reflector.go:285', type: kind }));
      else klog(process, 'E', 'reflector.go:147', `k8s.io/client-go/informers/factory.go:150: Failed to watch ${kind}: ${err}`);
      process.after(retry, () => attempt(Math.min(retry * 2, lastRetry)));
      return;
    }
    then();
  };
  attempt(firstRetry);
}

function serving(process: Process, desk: Desk, health: { ok: boolean }): (request: HttpRequest) => HttpResponse {
  const mayAsk = gate(desk);
  const { release, storage } = desk;
  return (request) => {
    const [path = ''] = request.path.split('?');
    if (path === '/readyz' || (path === '/healthz' && release.minor === 3)) return readiness(process, { release, ready: release.minor >= 5 ? storage.ready : health.ok, path });
    if (path === '/livez' || path === '/healthz') return { status: 200, body: 'ok' };
    return mayAsk(request, path) ?? answer(desk, request);
  };
}

function readiness(process: Process, { release, ready, path }: { release: Release; ready: boolean; path: string }): HttpResponse {
  if (ready) return { status: 200, body: 'ok' };
  const check = release.minor >= 5 ? 'metric-storage-ready' : release.minor === 4 ? 'readyz' : 'healthz';
  if (release.lines.probe) klog(process, 'I', release.lines.probe, structured('Failed probe', { probe: check, err: release.minor >= 6 ? 'no metrics to serve' : 'not metrics to serve' }));
  return { status: 500, body: `[+]ping ok\n[-]${check} failed: reason withheld\n${path.slice(1)} check failed\n` };
}
