// <buffer>: its parameters and their defaults (lib/fluent/plugin/output.rb, buffer.rb).
import { unknownPlugin } from '../plugins/unknown.ts';
import { Element } from '../config/element.ts';
import { Section } from '../config/section.ts';
import type { Limits } from './buffer.ts';
import type { RetryOptions } from './retry.ts';

export type FlushMode = 'lazy' | 'interval' | 'immediate';
export type Overflow = 'throw_exception' | 'block' | 'drop_oldest_chunk';

export interface BufferConfig {
  type: 'memory' | 'file';
  section: Section;
  keys: { tag: boolean; timekey: number | undefined; fields: readonly string[] };
  timekeyWait: number;
  mode: FlushMode;
  flushInterval: number;
  threads: number;
  threadInterval: number;
  burstInterval: number;
  flushAtShutdown: boolean | undefined;
  overflow: Overflow;
  retry: RetryOptions;
  limits: Limits;
}

export interface BufferDefaults {
  type?: 'memory' | 'file';
  keys?: readonly string[];
  /** Milliseconds. */
  timekey?: number;
}

const MiB = 1024 * 1024;

/** Of an output: its <buffer>, or the defaults. */
export function bufferConfig(output: Section, { type = 'memory', keys = [], timekey }: BufferDefaults, warn: (text: string) => void): BufferConfig {
  const section = output.section('buffer') ?? new Section(new Element('buffer'));
  const kind = section.text('@type', type);
  if (kind !== 'memory' && kind !== 'file') unknownPlugin('buffer', kind, section.element);
  const names = section.arg ? (section.arg.startsWith('[') ? (JSON.parse(section.arg) as string[]) : section.arg.split(/\s*,\s*/)) : keys;
  const stretch = section.time('timekey', timekey ?? 0);
  if (names.includes('time') && !section.has('timekey') && !timekey) output.fail("<buffer ...> argument includes 'time', but timekey is not configured");
  const byTime = names.includes('time');
  return {
    type: kind as 'memory' | 'file',
    section,
    keys: { tag: names.includes('tag'), timekey: byTime ? stretch : undefined, fields: names.filter((name) => name !== 'tag' && name !== 'time') },
    timekeyWait: section.time('timekey_wait', 600_000),
    mode: modeOf(section, byTime, warn),
    flushInterval: section.time('flush_interval', 60_000),
    threads: section.number('flush_thread_count', 1),
    threadInterval: section.number('flush_thread_interval', 1) * 1000,
    burstInterval: section.number('flush_thread_burst_interval', 1) * 1000,
    flushAtShutdown: section.has('flush_at_shutdown') ? section.bool('flush_at_shutdown', true) : undefined,
    overflow: section.choice('overflow_action', ['throw_exception', 'block', 'drop_oldest_chunk'], 'throw_exception'),
    retry: retryOf(section, output.section('secondary') !== undefined),
    limits: limitsOf(section, kind as 'memory' | 'file'),
  };
}

function modeOf(section: Section, byTime: boolean, warn: (text: string) => void): FlushMode {
  const mode = section.choice('flush_mode', ['default', 'lazy', 'interval', 'immediate'], 'default');
  const chosen = mode === 'default' ? (byTime ? 'lazy' : 'interval') : mode;
  if (chosen !== 'interval' && section.has('flush_interval')) {
    if (section.has('flush_mode')) section.fail(`'flush_interval' can't be specified when 'flush_mode' is not 'interval' explicitly: '${chosen}'`);
    warn(`'flush_interval' is ignored because default 'flush_mode' is not 'interval': '${chosen}'`);
  }
  return chosen;
}

function retryOf(section: Section, secondary: boolean): RetryOptions {
  return {
    type: section.choice('retry_type', ['exponential_backoff', 'periodic'], 'exponential_backoff'),
    wait: section.time('retry_wait', 1000),
    timeout: section.time('retry_timeout', 72 * 3_600_000),
    forever: section.bool('retry_forever', false),
    maxTimes: section.has('retry_max_times') ? section.number('retry_max_times', 0) : undefined,
    base: section.number('retry_exponential_backoff_base', 2),
    maxInterval: section.time('retry_max_interval'),
    randomize: section.bool('retry_randomize', true),
    secondary: secondary ? section.number('retry_secondary_threshold', 0.8) : undefined,
  };
}

function limitsOf(section: Section, type: 'memory' | 'file'): Limits {
  const chunk = section.size('chunk_limit_size', type === 'file' ? 256 * MiB : 8 * MiB);
  const total = section.size('total_limit_size', type === 'file' ? 64 * 1024 * MiB : 512 * MiB);
  const length = section.number('queue_limit_length', 0);
  return {
    chunk,
    total: length > 0 ? chunk * length : total,
    records: section.number('chunk_limit_records', Infinity),
    full: section.number('chunk_full_threshold', 0.95),
    queued: section.number('queued_chunks_limit_size', section.number('flush_thread_count', 1)),
  };
}
