// Fluentd: takes logs where they come from, and brings them by their tags to where they belong (fluent/fluentd).
import { resolvePath } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import type { Element } from './config/element.ts';
import { ConfigError, ConfigParseError } from './config/error.ts';
import { parseConfig } from './config/parse.ts';
import { PluginError } from './event.ts';
import { glob } from './glob.ts';
import { FluentdLog, type Level } from './log.ts';
import { pids, Worker, type WorkerOptions } from './worker.ts';

const MiB = 1024 * 1024;
/** Milliseconds: Ruby takes its time. */
const [toStart, toRestart, toStop] = [1000, 1000, 1500];

interface Options {
  config: string;
  level: Level;
  dryRun: boolean;
}

/** `image`: its name says which release it is, and which plugins lie in it. */
export const fluentd =
  (image: string): Program =>
  (process) => {
    process.useMemory(60 * MiB);
    const release = releaseOf(image);
    const extra = /kubernetes-daemonset/.test(image);
    const options = optionsOf(process);
    let worker: Worker | undefined;
    const log = new FluentdLog(process);
    if (asNumber(release) >= 1.15) log.info('init supervisor logger path=nil rotate_age=nil rotate_size=nil');
    try {
      const read = () => ({ process, root: configOf(process, options.config, log), extra, level: options.level });
      supervise(read, { log, release, options }, (one) => (worker = one));
    } catch (error) {
      configFailed(process, { log, path: options.config, error: error as Error });
    }
    return { terminate: { after: toStop, exitCode: 0, begin: () => (log.info('Received graceful stop'), worker?.stop()) } };
  };

/** `v1.16-debian-1` → `1.16.0`. Differs from Fluentd: what it does is what 1.19 does. */
const releaseOf = (image: string) => {
  const found = /:v?(\d+\.\d+)(\.\d+)?/.exec(image);
  return found ? found[1]! + (found[2] ?? '.0') : '1.19.0';
};
const asNumber = (release: string) => {
  const [major = 0, minor = 0] = release.split('.').map(Number);
  return major + minor / 100;
};

function optionsOf({ argv, env }: Process): Options {
  const valueOf = (...names: string[]) => {
    const at = argv.findIndex((word) => names.includes(word));
    return argv[at + 1] !== undefined && at >= 0 ? argv[at + 1] : argv.find((word) => names.some((name) => word.startsWith(`${name}=`)))?.replace(/^[^=]*=/, '');
  };
  const level: Level = argv.includes('-vv') ? 'trace' : argv.includes('-v') ? 'debug' : argv.includes('-qq') ? 'error' : argv.includes('-q') ? 'warn' : 'info';
  return { config: valueOf('-c', '--config') ?? `/fluentd/etc/${env['FLUENTD_CONF'] ?? 'fluent.conf'}`, level, dryRun: argv.includes('--dry-run') };
}

function configOf(process: Process, given: string, log: FluentdLog): Element {
  const path = resolvePath(given, process.workingDirectory);
  const text = process.files.read(path);
  if (text === undefined) throw new ConfigParseError(process.files.find(path) ? `Permission denied @ rb_sysopen - ${path} (Errno::EACCES)` : `No such file or directory @ rb_sysopen - ${path} (Errno::ENOENT)`);
  return parseConfig(text, path, { ruby: { env: process.env, hostname: process.hostname }, read: (one) => process.files.read(one), glob: (pattern) => glob(process.files, pattern), warn: (message) => log.warn(message) });
}

function supervise(read: () => WorkerOptions, { log, release, options }: { log: FluentdLog; release: string; options: Options }, started: (worker: Worker) => void): void {
  const first = read();
  const { process, root } = first;
  log.info('parsing config file is succeeded', { path: options.config });
  log.info(`gem 'fluentd' version '${release}'`);
  const level = levelOf(root) ?? options.level;
  // All of it is tried once, before the worker is started.
  new Worker({ ...first, level }).configure({ tell: false });
  log.info(`using configuration file: ${root.toString().trimEnd()}`);
  if (options.dryRun) {
    log.info('finished dry run mode');
    return process.after(10, () => process.exit(0));
  }
  log.info(`starting fluentd-${release} pid=${pids.supervisor} ruby="3.2.3"`);
  log.info(`spawn command to main:  cmdline=["/usr/local/bin/ruby", "-Eascii-8bit:ascii-8bit", "/usr/local/bundle/bin/fluentd", "--config", ${JSON.stringify(options.config)}, "--plugin", "/fluentd/plugins", "--under-supervisor"]`);
  const run = (): void => {
    const worker = new Worker({ ...read(), level }, 0);
    started(worker);
    if (asNumber(release) >= 1.15) worker.log.info('init worker0 logger path=nil rotate_age=nil rotate_size=nil');
    try {
      worker.configure({ tell: true });
      warnUnused(worker.log, root);
      worker.start();
    } catch (error) {
      if (!(error instanceof PluginError) && !(error instanceof ConfigError)) throw error;
      if (error instanceof ConfigError) tellConfigError(worker.log, options.config, error);
      log.info('Worker 0 finished unexpectedly with status 1');
      process.after(toRestart, run);
    }
  };
  process.after(toStart, run);
}

const levelOf = (root: Element) => root.named('system')[0]?.get('log_level') as Level | undefined;

function warnUnused(log: FluentdLog, root: Element): void {
  for (const directive of root.elements.filter(({ name }) => name === 'match' || name === 'filter' || name === 'source' || name === 'label')) {
    for (const { name, element } of directive.unused()) log.plain('warn', `parameter '${name}' in ${element.toString().trimEnd()} is not used.`);
  }
}

function tellConfigError(log: FluentdLog, path: string, { message, className, element }: ConfigError): void {
  if (element) log.error(`config error in:\n${element.toString()}`);
  const error = new PluginError(className, message);
  if (className.startsWith('Fluent::')) log.error('config error', { file: path, error });
  else log.error('unexpected error', { error });
}

/** Nothing runs with a wrong configuration. */
function configFailed(process: Process, { log, path, error }: { log: FluentdLog; path: string; error: Error }): void {
  if (error instanceof ConfigParseError) process.logLines((/\(Errno::/.test(error.message) ? `/usr/local/bundle/gems/fluentd/lib/fluent/config.rb:46:in \`initialize': ${error.message}` : `/usr/local/bundle/gems/fluentd/lib/fluent/config/basic_parser.rb:92:in \`parse_error!': ${withClass(error.message)}`).split('\n'));
  else if (error instanceof ConfigError) tellConfigError(log, path, error);
  else throw error;
  process.after(10, () => process.exit(1));
}

/** Ruby puts the class of an error behind its first line. */
const withClass = (message: string) => message.replace(/\n|$/, (end) => ` (Fluent::ConfigParseError)${end}`);
