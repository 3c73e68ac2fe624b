// A running Prometheus: its targets, its samples, its answers.
// Differs from Prometheus: the cluster is asked for targets every five seconds, instead of watching it.
import type { HttpRequest, HttpResponse } from '../../../machine/index.ts';
import { type ApiClient, apiClient, Refused } from '../../programs/metrics-server/api-client.ts';
import { releaseOf } from '../../programs/metrics-server/releases.ts';
import type { Process } from '../../program.ts';
import { answered, type Asked, query, queryRange, series, success } from './api.ts';
import type { Config, Discovery, ScrapeConfig } from './config.ts';
import { discover } from './discovery.ts';
import type { Labels } from './labels.ts';
import type { Logger } from './log.ts';
import { scrape } from './scrape.ts';
import { durationText, offsetOf, type Target, targetOf, urlOf } from './target.ts';
import { stale, Tsdb } from './tsdb.ts';

export interface ServerOptions {
  config: Config;
  modern: boolean;
  release: string;
  log: Logger;
}

const discoveryInterval = 5000;
const noMatcher: [string, string][] = [['/-/healthy', 'Prometheus Server is Healthy.\n'], ['/-/ready', 'Prometheus Server is Ready.\n']];

interface Running {
  target: Target;
  /** Of its last scrape. */
  series: Map<string, Labels>;
}

export class Server {
  readonly #process: Process;
  readonly #options: ServerOptions;
  readonly #tsdb = new Tsdb();
  readonly #targets = new Map<string, Running>();
  #dropped: Labels[] = [];
  /** Nothing is said twice in a row. */
  readonly #said = new Map<string, string>();
  readonly #known = new Map<Discovery, Labels[]>();

  constructor(process: Process, options: ServerOptions) {
    this.#process = process;
    this.#options = options;
  }

  start(): void {
    this.#discover();
  }

  #discover(): void {
    const { scrapes } = this.#options.config;
    const found = new Map<string, Target>();
    this.#dropped = [];
    for (const config of scrapes) {
      for (const labels of this.#foundFor(config)) {
        const target = targetOf(labels, config);
        if ('dropped' in target) this.#dropped.push(target.dropped);
        else found.set(target.key, target);
      }
    }
    for (const [key, { series: last }] of this.#targets) {
      if (found.has(key)) continue;
      this.#targets.delete(key);
      for (const labels of last.values()) this.#tsdb.append(labels, this.#process.clock.now, stale);
    }
    for (const [key, target] of found) if (!this.#targets.has(key)) this.#begin(target);
    if (scrapes.some(({ discoveries }) => discoveries.length > 0)) this.#process.after(discoveryInterval, () => this.#discover());
  }

  #foundFor({ targets, discoveries }: ScrapeConfig): Labels[] {
    const written = targets.flatMap(({ addresses, labels }) => addresses.map((address) => ({ ...labels, __address__: address })));
    return [...written, ...discoveries.flatMap((one) => this.#inCluster(one))];
  }

  /** What is known stays as it was when the API server says no. */
  #inCluster(discovery: Discovery): Labels[] {
    const key = JSON.stringify(discovery);
    try {
      const api: ApiClient = apiClient(this.#process, releaseOf(':v0.7'));
      const own = this.#process.files.read('/var/run/secrets/kubernetes.io/serviceaccount/namespace') ?? 'default';
      this.#known.set(discovery, discover(api, discovery, own.trim()));
      this.#said.delete(key);
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Error)) throw error;
      const problem = `pkg/mod/k8s.io/client-go/tools/cache/reflector.go: failed to list *v1.${kindOf(error.message, discovery)}: ${error.message}`;
      if (this.#said.get(key) !== problem) this.#options.log('error', 'klog.go:116', problem, { component: 'k8s_client_runtime', func: 'ErrorDepth' });
      this.#said.set(key, problem);
    }
    return this.#known.get(discovery) ?? [];
  }

  #begin(target: Target): void {
    const running: Running = { target, series: new Map() };
    this.#targets.set(target.key, running);
    const again = (): void => {
      if (this.#targets.get(target.key) !== running) return;
      running.series = scrape(target, running.series, { process: this.#process, tsdb: this.#tsdb, tlsContext: this.#options.modern });
      this.#process.after(target.config.interval, again);
    };
    this.#process.after(offsetOf(target, this.#process.clock.now), again);
  }

  answer(request: HttpRequest): HttpResponse {
    const [path = '', search = ''] = request.path.split('?');
    const parameters = new URLSearchParams(request.method === 'POST' ? `${search}&${request.body ?? ''}` : search);
    const asked: Asked = { tsdb: this.#tsdb, now: this.#process.clock.now, modern: this.#options.modern };
    const page = noMatcher.find(([name]) => name === path);
    if (page) return { status: 200, body: page[1] };
    const values = /^\/api\/v1\/label\/([^/]+)\/values$/.exec(path);
    if (values) return answered(() => unique(this.#tsdb.select(() => true).flatMap(({ labels }) => labels[values[1]!] ?? [])));
    switch (path) {
      case '/api/v1/query':
        return answered(() => query(parameters, asked));
      case '/api/v1/query_range':
        return answered(() => queryRange(parameters, asked));
      case '/api/v1/series':
        return answered(() => series(parameters, asked));
      case '/api/v1/labels':
        return answered(() => unique(this.#tsdb.select(() => true).flatMap(({ labels }) => Object.keys(labels))));
      case '/api/v1/targets':
        return success({ activeTargets: parameters.get('state') === 'dropped' ? [] : this.#shown(), droppedTargets: parameters.get('state') === 'active' ? [] : this.#dropped.map((discoveredLabels) => ({ discoveredLabels })) });
      case '/api/v1/status/config':
        return success({ yaml: this.#options.config.text });
      case '/api/v1/status/buildinfo':
        return success({ version: this.#options.release });
      case '/metrics':
        return { status: 200, headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }, body: this.#ownMetrics() };
      case '/':
        return { status: 302, headers: { Location: this.#options.modern ? '/query' : '/graph' }, body: '' };
    }
    return { status: 404, body: '404 page not found\n' };
  }

  #shown(): unknown[] {
    return [...this.#targets.values()].map(({ target }) => ({
      discoveredLabels: target.discovered,
      labels: target.labels,
      scrapePool: target.config.job,
      scrapeUrl: urlOf(target),
      globalUrl: urlOf(target),
      lastError: target.lastError,
      lastScrape: target.lastScrape === undefined ? '0001-01-01T00:00:00Z' : new Date(target.lastScrape).toISOString(),
      lastScrapeDuration: target.lastDuration,
      health: target.health,
      scrapeInterval: durationText(target.config.interval),
      scrapeTimeout: durationText(target.config.timeout),
    }));
  }

  #ownMetrics(): string {
    const rows: [name: string, type: string, value: number][] = [['prometheus_tsdb_head_series', 'gauge', this.#tsdb.size], ['prometheus_sd_discovered_targets', 'gauge', this.#targets.size]];
    return rows.map(([name, type, value]) => `# TYPE ${name} ${type}\n${name} ${value}\n`).join('') + `# TYPE prometheus_build_info gauge\nprometheus_build_info{version="${this.#options.release}"} 1\n`;
  }
}

const unique = (values: readonly string[]) => [...new Set(values)].sort();

/** The kind that could not be listed. */
const kindOf = (message: string, { role }: Discovery) => (/^nodes /.test(message) || role === 'node' ? 'Node' : /^endpoints /.test(message) ? 'Endpoints' : /^services /.test(message) || role === 'service' ? 'Service' : 'Pod');
