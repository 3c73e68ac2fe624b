// prometheus.yml (config/config.go). Differs from Prometheus: no rules, no alerts and no remote storage; Kubernetes is the only
// place where targets are found, beside those that are written down.
import { LineCounter, parseDocument } from 'yaml';
import { ConfigError, ConfigNode } from './config-node.ts';
import { type Labels, wholeRegExp } from './labels.ts';
import { actions, type RelabelConfig, relabelDefaults } from './relabel.ts';

export const roles = ['node', 'pod', 'service', 'endpoints'] as const;
export type Role = (typeof roles)[number];

export interface Discovery {
  role: Role;
  /** Empty: all. */
  namespaces: readonly string[];
  ownNamespace: boolean;
  selectors: readonly { role: string; label: string; field: string }[];
}

export interface HttpConfig {
  token: string | undefined;
  tokenFile: string | undefined;
  caFile: string | undefined;
  insecure: boolean;
}

export interface ScrapeConfig {
  job: string;
  /** Milliseconds. */
  interval: number;
  timeout: number;
  path: string;
  scheme: 'http' | 'https';
  parameters: Readonly<Record<string, string>>;
  honorLabels: boolean;
  honorTimestamps: boolean;
  http: HttpConfig;
  targets: readonly { addresses: readonly string[]; labels: Labels }[];
  discoveries: readonly Discovery[];
  relabel: readonly RelabelConfig[];
  metricRelabel: readonly RelabelConfig[];
}

export interface Config {
  text: string;
  scrapes: readonly ScrapeConfig[];
}

const httpFields = ['authorization', 'bearer_token', 'bearer_token_file', 'basic_auth', 'tls_config', 'follow_redirects', 'enable_http2', 'proxy_url'];
const kinds = {
  root: { type: 'config.plain', fields: ['global', 'scrape_configs', 'rule_files', 'alerting', 'remote_write', 'remote_read', 'storage'] },
  global: { type: 'config.plain', fields: ['scrape_interval', 'scrape_timeout', 'evaluation_interval', 'external_labels', 'query_log_file'] },
  scrape: {
    type: 'config.ScrapeConfig',
    fields: ['job_name', 'scrape_interval', 'scrape_timeout', 'metrics_path', 'scheme', 'params', 'honor_labels', 'honor_timestamps', 'sample_limit', 'static_configs', 'kubernetes_sd_configs', 'relabel_configs', 'metric_relabel_configs', ...httpFields],
  },
  relabel: { type: 'relabel.plain', fields: ['source_labels', 'separator', 'regex', 'modulus', 'target_label', 'replacement', 'action'] },
  static: { type: 'struct { Targets []string "yaml:\\"targets\\""; Labels model.LabelSet "yaml:\\"labels\\"" }', fields: ['targets', 'labels'] },
  kubernetes: { type: 'kubernetes.plain', fields: ['role', 'namespaces', 'selectors', 'api_server', 'kubeconfig_file', 'attach_metadata', ...httpFields] },
  namespaces: { type: 'kubernetes.plain', fields: ['names', 'own_namespace'] },
  selectors: { type: 'kubernetes.SelectorConfig', fields: ['role', 'label', 'field'] },
  authorization: { type: 'config.plain', fields: ['type', 'credentials', 'credentials_file'] },
  tls: { type: 'config.plain', fields: ['ca_file', 'cert_file', 'key_file', 'server_name', 'insecure_skip_verify'] },
} as const;

/** Throws a ConfigError. */
export function readConfig(text: string): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) throw new ConfigError(`yaml: line ${error.linePos?.[0].line ?? 1}: ${error.message.split('\n')[0]!.replace(/ at line .*/, '')}`);
  const root = new ConfigNode(document.contents, lines, kinds.root);
  if (root.texts('rule_files').length > 0) throw new ConfigError('rule_files: kubook의 프로메테우스는 규칙과 경보를 모른다. 식은 /api/v1/query로 묻는다.');
  const global = root.child('global', kinds.global);
  const interval = global.duration('scrape_interval', 60_000);
  const timeout = global.duration('scrape_timeout', Math.min(10_000, interval));
  const scrapes = root.children('scrape_configs', kinds.scrape).map((one) => scrapeConfig(one, { interval, timeout }));
  const names = new Set<string>();
  for (const { job } of scrapes) {
    if (names.has(job)) throw new ConfigError(`found multiple scrape configs with job name ${JSON.stringify(job)}`);
    names.add(job);
  }
  return { text, scrapes };
}

function scrapeConfig(node: ConfigNode, global: { interval: number; timeout: number }): ScrapeConfig {
  const job = node.text('job_name', '');
  if (!job) throw new ConfigError('job_name is empty');
  const interval = node.duration('scrape_interval', global.interval);
  const timeout = node.has('scrape_timeout') ? node.duration('scrape_timeout', 0) : Math.min(global.timeout, interval);
  if (timeout > interval) throw new ConfigError(`scrape timeout greater than scrape interval for scrape config with job name ${JSON.stringify(job)}`);
  return {
    job,
    interval,
    timeout,
    path: node.text('metrics_path', '/metrics'),
    scheme: node.text('scheme') === 'https' ? 'https' : 'http',
    parameters: Object.fromEntries(Object.entries(node.record('params')).map(([name, value]) => [name, value.replace(/^\[\s*|\s*\]$/g, '').trim()])),
    honorLabels: node.bool('honor_labels'),
    honorTimestamps: node.bool('honor_timestamps', true),
    http: httpConfig(node),
    targets: node.children('static_configs', kinds.static).map((one) => ({ addresses: one.texts('targets').map(checkedAddress), labels: one.record('labels') })),
    discoveries: node.children('kubernetes_sd_configs', kinds.kubernetes).map(discovery),
    relabel: node.children('relabel_configs', kinds.relabel).map(relabelConfig),
    metricRelabel: node.children('metric_relabel_configs', kinds.relabel).map(relabelConfig),
  };
}

function checkedAddress(address: string): string {
  if (address.includes('/')) throw new ConfigError(`${JSON.stringify(address)} is not a valid hostname`);
  return address;
}

function httpConfig(node: ConfigNode): HttpConfig {
  const authorization = node.child('authorization', kinds.authorization);
  const tls = node.child('tls_config', kinds.tls);
  return {
    token: authorization.text('credentials') ?? node.text('bearer_token'),
    tokenFile: authorization.text('credentials_file') ?? node.text('bearer_token_file'),
    caFile: tls.text('ca_file'),
    insecure: tls.bool('insecure_skip_verify'),
  };
}

function discovery(node: ConfigNode): Discovery {
  const role = node.text('role');
  if (role === undefined) throw new ConfigError('role missing (one of: pod, service, endpoints, endpointslice, node, ingress)');
  if (role === 'endpointslice' || role === 'ingress') throw new ConfigError(`kubernetes_sd_configs의 role: ${role}: kubook의 프로메테우스가 아는 role은 ${roles.join(', ')}이다.`);
  if (!roles.includes(role as Role)) throw new ConfigError(`unknown Kubernetes SD role ${JSON.stringify(role)}`);
  const namespaces = node.child('namespaces', kinds.namespaces);
  return {
    role: role as Role,
    namespaces: namespaces.texts('names'),
    ownNamespace: namespaces.bool('own_namespace'),
    selectors: node.children('selectors', kinds.selectors).map((one) => ({ role: one.text('role', ''), label: one.text('label', ''), field: one.text('field', '') })),
  };
}

function relabelConfig(node: ConfigNode): RelabelConfig {
  const action = node.text('action', 'replace').toLowerCase() as RelabelConfig['action'];
  if (!actions.includes(action)) throw new ConfigError((action as string) === 'hashmod' ? 'relabel_configs의 action: hashmod: kubook의 프로메테우스에는 없다.' : `unknown relabel action ${JSON.stringify(node.text('action'))}`);
  const targetLabel = node.text('target_label', '');
  if (['replace', 'lowercase', 'uppercase', 'keepequal', 'dropequal'].includes(action) && !targetLabel) throw new ConfigError(`relabel configuration for ${action} action requires 'target_label' value`);
  return {
    action,
    sourceLabels: node.texts('source_labels'),
    separator: node.text('separator', relabelDefaults.separator),
    regex: node.has('regex') ? regExp(node.text('regex', '')) : relabelDefaults.regex,
    targetLabel,
    replacement: node.text('replacement', relabelDefaults.replacement),
  };
}

function regExp(source: string): RegExp {
  try {
    return wholeRegExp(source);
  } catch {
    throw new ConfigError(`error parsing regexp: ${/\((?![^)]*\))/.test(source) ? 'missing closing )' : 'invalid expression'}: \`^(?:${source})$\``);
  }
}
