// A target: whom to ask for its metrics, how that went the last time (scrape/target.go).
import { fnv1a } from '../../../sim/index.ts';
import type { ScrapeConfig } from './config.ts';
import { keyOf, type Labels } from './labels.ts';
import { relabel } from './relabel.ts';

export interface Target {
  readonly key: string;
  readonly config: ScrapeConfig;
  readonly discovered: Labels;
  /** What its series get. */
  readonly labels: Labels;
  readonly scheme: 'http' | 'https';
  readonly address: string;
  readonly path: string;
  health: 'unknown' | 'up' | 'down';
  lastError: string;
  lastScrape: number | undefined;
  /** Seconds. */
  lastDuration: number;
}

/** Undefined: relabelling has dropped it. */
export function targetOf(found: Labels, config: ScrapeConfig): Target | { dropped: Labels } {
  const parameters = Object.fromEntries(Object.entries(config.parameters).map(([name, value]) => [`__param_${name}`, value]));
  const discovered: Labels = { job: config.job, __scheme__: config.scheme, __metrics_path__: config.path, __scrape_interval__: shown(config.interval), __scrape_timeout__: shown(config.timeout), ...parameters, ...found };
  const relabelled = relabel(discovered, config.relabel);
  if (!relabelled?.['__address__']) return { dropped: discovered };
  const scheme = relabelled['__scheme__'] === 'https' ? 'https' : 'http';
  const address = withPort(relabelled['__address__'], scheme);
  const query = Object.entries(relabelled).filter(([name]) => name.startsWith('__param_')).map(([name, value]) => `${name.slice(8)}=${encodeURIComponent(value)}`);
  const labels = { ...Object.fromEntries(Object.entries(relabelled).filter(([name]) => !name.startsWith('__'))), instance: relabelled['instance'] || address };
  const path = (relabelled['__metrics_path__'] ?? '/metrics') + (query.length > 0 ? `?${query.join('&')}` : '');
  return { key: `${config.job} ${keyOf(labels)} ${scheme}://${address}${path}`, config, discovered, labels, scheme, address, path, health: 'unknown', lastError: '', lastScrape: undefined, lastDuration: 0 };
}

export const urlOf = ({ scheme, address, path }: Target): string => `${scheme}://${address}${path}`;

function withPort(address: string, scheme: 'http' | 'https'): string {
  return /:\d+$/.test(address) && (!address.includes('::') || address.startsWith('[')) ? address : `${address}:${scheme === 'https' ? 443 : 80}`;
}

/** Targets of one interval are asked at different moments of it. */
export const offsetOf = ({ key, config }: Target, now: number): number => {
  const phase = fnv1a(key) % config.interval;
  return (phase - (now % config.interval) + config.interval) % config.interval;
};

const shown = (milliseconds: number) => (milliseconds % 60_000 === 0 ? `${milliseconds / 60_000}m` : milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`);
export const durationText = shown;
