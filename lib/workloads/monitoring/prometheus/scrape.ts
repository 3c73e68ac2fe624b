// One scrape: asks a target, and keeps what it says, or that it said nothing (scrape/scrape.go).
import { NoAnswer, request } from '../../programs/metrics-server/https.ts';
import type { Process } from '../../program.ts';
import { keyOf, type Labels, nonEmpty } from './labels.ts';
import { relabel } from './relabel.ts';
import { type Target, urlOf } from './target.ts';
import { type Exposed, parsePage } from './text-format.ts';
import { stale, type Tsdb } from './tsdb.ts';

export interface Scraping {
  process: Process;
  tsdb: Tsdb;
  /** Go 1.20 and later says that it was TLS. */
  tlsContext: boolean;
}

const reasons: Record<number, string> = { 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 500: 'Internal Server Error', 503: 'Service Unavailable' };

interface Result {
  page: Exposed[];
  error: string;
  /** Milliseconds. */
  took: number;
}

/** `before`: the series of the last scrape; gives those of this one. */
export function scrape(target: Target, before: ReadonlyMap<string, Labels>, scraping: Scraping): Map<string, Labels> {
  const { process, tsdb } = scraping;
  const at = process.clock.now;
  const { page, error, took } = ask(target, scraping);
  const now = new Map<string, Labels>();
  let added = 0;
  for (const { labels, value, at: own } of page) {
    const kept = relabel(ownLabels(labels, target), target.config.metricRelabel);
    if (!kept) continue;
    const time = target.config.honorTimestamps && own !== undefined ? own : at;
    if (tsdb.append(kept, time, value)) added++;
    now.set(keyOf(kept), kept);
  }
  // A series that is not there any more has ended, and so have all when nobody answers.
  for (const [key, labels] of before) if (!now.has(key)) tsdb.append(labels, at, stale);
  report(target, { up: error === '' ? 1 : 0, scrape_duration_seconds: took / 1000, scrape_samples_scraped: page.length, scrape_samples_post_metric_relabeling: now.size, scrape_series_added: added }, { tsdb, at });
  Object.assign(target, { health: error === '' ? 'up' : 'down', lastError: error, lastScrape: at, lastDuration: took / 1000 });
  return now;
}

function report({ labels }: Target, values: Record<string, number>, { tsdb, at }: { tsdb: Tsdb; at: number }): void {
  for (const [name, value] of Object.entries(values)) tsdb.append({ __name__: name, ...labels }, at, value);
}

/** Labels of the target win, unless the page's are to be honoured. */
function ownLabels(labels: Labels, { labels: target, config }: Target): Labels {
  if (config.honorLabels) return nonEmpty({ ...target, ...labels });
  const moved = Object.entries(labels).map(([name, value]) => [name in target ? `exported_${name}` : name, value]);
  return nonEmpty({ ...Object.fromEntries(moved), ...target });
}

function ask(target: Target, { process, tlsContext }: Scraping): Result {
  const { config } = target;
  const { http } = config;
  const [, host = '', port = ''] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(target.address) ?? [];
  const failed = (error: string, took = 0): Result => ({ page: [], error, took });
  const token = http.tokenFile === undefined ? http.token : process.files.read(http.tokenFile)?.trim();
  if (http.tokenFile !== undefined && token === undefined) return failed(`unable to read authorization credentials file ${http.tokenFile}: open ${http.tokenFile}: no such file or directory`);
  if (http.caFile !== undefined && process.files.read(http.caFile) === undefined) return failed(`unable to read CA cert: unable to load specified CA cert ${http.caFile}: open ${http.caFile}: no such file or directory`);
  const get = (why: string) => `Get ${JSON.stringify(urlOf(target))}: ${why}`;
  try {
    const headers = { 'User-Agent': 'Prometheus', Accept: 'text/plain;version=0.0.4', 'X-Prometheus-Scrape-Timeout-Seconds': String(config.timeout / 1000), ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
    const answer = request(process, { host, port: Number(port), path: target.path, scheme: target.scheme, headers, insecure: http.insecure, tlsContext });
    const took = answer.delay ?? 5;
    // Whom nobody has vouched for, nobody believes.
    if (target.scheme === 'https' && !http.insecure && http.caFile === undefined) return failed(get(`${tlsContext ? 'tls: failed to verify certificate: ' : ''}x509: certificate signed by unknown authority`));
    if (took > config.timeout) return failed(get('context deadline exceeded'), config.timeout);
    if (answer.status !== 200) return failed(`server returned HTTP status ${answer.status} ${reasons[answer.status] ?? ''}`.trim(), took);
    return { page: parsePage(answer.body), error: '', took };
  } catch (error) {
    if (!(error instanceof NoAnswer)) return failed((error as Error).message);
    return error.silent ? failed(get('context deadline exceeded'), config.timeout) : failed(get(error.message));
  }
}
