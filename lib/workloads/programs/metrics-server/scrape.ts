// One round over all kubelets (pkg/scraper): what each told, and what is logged of those that did not.
import type { Process } from '../../program.ts';
import { NoAnswer, request } from './https.ts';
import { goDuration, klog, structured } from './log.ts';
import type { Options } from './options.ts';
import { type Batch, emptyBatch, fromMetrics, fromSummary } from './points.ts';
import type { Release } from './releases.ts';

export interface NodeObject {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  status?: { addresses?: { type: string; address: string }[]; daemonEndpoints?: { kubeletEndpoint?: { Port?: number } } };
}

export interface Scraper {
  process: Process;
  options: Options;
  release: Release;
  /** Of the API server: the kubelets are shown it too. */
  token(): string;
}

/** net.Dialer gives up after so many milliseconds. */
const dialTimeout = 30_000;

interface Told {
  batch?: Batch;
  error?: string;
  /** Milliseconds until it was known. */
  took: number;
  late?: boolean;
}

/** `done` is called when the last kubelet has answered, or was waited for long enough. Whether anybody told anything, too. */
export function scrape(scraper: Scraper, nodes: readonly NodeObject[], done: (batch: Batch, ok: boolean) => void): void {
  const { process, release } = scraper;
  const batch = emptyBatch();
  const failures: { node: string; told: Told }[] = [];
  let longest = 0;
  for (const node of nodes) {
    const told = ask(scraper, node);
    longest = Math.max(longest, told.took);
    for (const [name, point] of told.batch?.nodes ?? []) batch.nodes.set(name, point);
    for (const [key, pod] of told.batch?.pods ?? []) batch.pods.set(key, pod);
    if (told.error === undefined) continue;
    failures.push({ node: node.metadata.name, told });
    if (release.minor >= 5) later(process, told.took, () => logFailure(scraper, node.metadata.name, told));
  }
  later(process, longest, () => {
    if (release.minor < 5) logTogether(scraper, failures);
    done(batch, batch.nodes.size > 0 || failures.length === 0);
  });
}

function later(process: Process, time: number, run: () => void): void {
  if (time === 0) run();
  else process.after(time, run);
}

function logFailure({ process, options, release }: Scraper, node: string, { error = '', late = false }: Told): void {
  const [file] = release.lines.scrape.split(':');
  if (late && release.minor >= 7) klog(process, 'E', `${file}:147`, structured('Failed to scrape node, timeout to access kubelet', { err: error, node, timeout: goDuration(options.kubeletRequestTimeout) }));
  else klog(process, 'E', release.lines.scrape, structured('Failed to scrape node', { err: error, node }));
}

/** Until v0.4 all of a round stand in one line. */
function logTogether({ process, release }: Scraper, failures: readonly { node: string; told: Told }[]): void {
  if (failures.length === 0) return;
  const texts = failures.map(({ node, told: { error } }) => (release.minor === 3 ? `unable to fully scrape metrics from source kubelet_summary:${node}: ${error}` : `unable to fully scrape metrics from node ${node}: ${error}`));
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`;
  klog(process, 'E', release.lines.scrape, `${release.minor === 3 ? 'unable to fully collect metrics' : 'unable to fully scrape metrics'}: ${all}`);
}

function ask(scraper: Scraper, node: NodeObject): Told {
  const { process, options, release } = scraper;
  const { name } = node.metadata;
  const host = addressOf(node, options.addressTypes);
  const about = (error: string) => (release.minor >= 5 ? error : release.minor === 4 ? `unable to fetch metrics from node ${name}: ${error}` : `unable to fetch metrics from Kubelet ${name} (${host ?? ''}): ${error}`);
  if (host === undefined) {
    const error = `no address matched types [${options.addressTypes.join(' ')}]`;
    return { took: 0, error: release.minor >= 5 ? error : `unable to extract connection information for node ${JSON.stringify(name)}: ${error}` };
  }
  const scheme = options.completelyInsecure ? 'http' : 'https';
  const port = (options.useNodeStatusPort && node.status?.daemonEndpoints?.kubeletEndpoint?.Port) || options.kubeletPort;
  const path = release.resourceMetrics ? (node.metadata.annotations?.['metrics.k8s.io/resource-metrics-path'] ?? '/metrics/resource') : '/stats/summary?only_cpu_and_memory=true';
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
  const failed = (why: string) => about(`Get ${release.minor >= 4 ? JSON.stringify(url) : url}: ${why}`);
  try {
    const headers = { ...(scheme === 'https' && { Authorization: `Bearer ${scraper.token()}` }), 'User-Agent': 'metrics-server/v0.0.0' };
    const answer = request(process, { host, port, path, scheme, headers, insecure: options.kubeletInsecureTLS, tlsContext: release.tlsContext });
    if (answer.status !== 200) return { took: 0, error: about(refusal(answer.status, answer.body, { release, url })) };
    return { took: 0, batch: release.resourceMetrics ? fromMetrics(answer.body, name, process.clock.now) : fromSummary(answer.body, name) };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    if (!error.silent) return { took: 0, error: failed(error.message) };
    // Who waits longer sees the connection fail, who waits less long his own patience end.
    const { kubeletRequestTimeout: patience } = options;
    return patience < dialTimeout ? { took: patience, error: failed('context deadline exceeded'), late: true } : { took: dialTimeout, error: failed(error.message) };
  }
}

const statusTexts: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 500: 'Internal Server Error' };

function refusal(status: number, body: string, { release, url }: { release: Release; url: string }): string {
  const line = `${status} ${statusTexts[status] ?? ''}`.trim();
  if (release.minor >= 6) return `request failed, status: ${JSON.stringify(line)}`;
  if (status === 404) return `${JSON.stringify(url)} not found`;
  return release.minor === 5 ? `request failed, status: ${JSON.stringify(line)}` : `request failed - ${JSON.stringify(line)}, response: ${JSON.stringify(body)}`;
}

/** The first address of the first type that the node has. */
function addressOf({ status }: NodeObject, types: readonly string[]): string | undefined {
  for (const type of types) {
    const found = status?.addresses?.find((one) => one.type === type);
    if (found) return found.address;
  }
  return undefined;
}
