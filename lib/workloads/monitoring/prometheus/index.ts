// Prometheus: finds targets, asks them for their metrics again and again, and answers questions about what they said.
import { resolvePath } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import { ConfigError } from './config-node.ts';
import { type Config, readConfig } from './config.ts';
import { logger, type Logger } from './log.ts';
import { Server } from './server.ts';

const MiB = 1024 * 1024;

/** `image`: its tag says which release it is. */
export const prometheus =
  (image: string): Program =>
  (process) => {
    const release = /:v?(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1] ?? '3.5.0';
    const modern = Number(release.split('.')[0]) >= 3;
    const log = logger(process, modern);
    const path = optionOf(process.argv, 'config.file') ?? 'prometheus.yml';
    const port = Number(/:(\d+)$/.exec(optionOf(process.argv, 'web.listen-address') ?? ':9090')?.[1] ?? 9090);
    process.useMemory(90 * MiB);
    const ending = { terminate: { after: 100, exitCode: 0, begin: () => log('warn', 'main.go:823', 'Received SIGTERM, exiting gracefully...') } };
    const config = configOf(process, path, log);
    if (!config) return ending;
    log('info', 'main.go:551', 'Starting Prometheus Server', { mode: 'server', version: `(version=${release}, branch=HEAD)` });
    log('info', 'web.go:503', 'Start listening for connections', { component: 'web', address: `0.0.0.0:${port}` });
    log('info', 'main.go:1192', 'Loading configuration file', { filename: path });
    log('info', 'main.go:1229', 'Completed loading of configuration file', { filename: path });
    const server = new Server(process, { config, modern, release, log });
    process.listen(port, (request) => server.answer(request));
    server.start();
    log('info', 'main.go:973', 'Server is ready to receive web requests.');
    return ending;
  };

/** `--name=value`, `--name value`. */
function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = argv[at];
  return word === undefined ? undefined : word.includes('=') ? word.slice(word.indexOf('=') + 1) : argv[at + 1];
}

/** With a wrong one it does not start. */
function configOf(process: Process, given: string, log: Logger): Config | undefined {
  const path = resolvePath(given, process.workingDirectory);
  const text = process.files.read(path);
  let problem = `open ${given}: ${process.files.find(path) ? 'permission denied' : 'no such file or directory'}`;
  try {
    if (text !== undefined) return readConfig(text);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problem = `parsing YAML file ${given}: ${error.message}`;
  }
  log('error', 'main.go:469', `Error loading config (--config.file=${given})`, { file: path, err: problem });
  process.after(10, () => process.exit(2));
  return undefined;
}
