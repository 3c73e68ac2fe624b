// supervisord.conf: which programs there are, and what becomes of them when they end (supervisor/options.py).
// Differs from supervisor: no groups, no numprocs, no event listeners.
import { type FileView, joinPath, splitPath } from '../../../machine/index.ts';

export interface ProgramConfig {
  name: string;
  argv: readonly string[];
  autostart: boolean;
  autorestart: 'true' | 'false' | 'unexpected';
  /** Milliseconds. */
  startTime: number;
  startRetries: number;
  exitCodes: readonly number[];
  stopTime: number;
  priority: number;
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** Where its output goes. */
  output: string | undefined;
}

export interface SupervisorConfig {
  logfile: string;
  programs: readonly ProgramConfig[];
}

/** What supervisord complains about before it ends. */
export class SupervisorConfigError extends Error {}

type Sections = Map<string, Map<string, string>>;

export function readSupervisorConfig(files: FileView, path: string, hostname: string): SupervisorConfig {
  const text = files.read(path);
  if (text === undefined) throw new SupervisorConfigError(`could not find config file ${path}`);
  const sections = parse(text);
  const folder = splitPath(path)[0];
  for (const pattern of (sections.get('include')?.get('files') ?? '').split(/\s+/).filter(Boolean)) {
    const [directory, name] = splitPath(pattern.startsWith('/') ? pattern : joinPath(folder, pattern));
    const own = new RegExp(`^${name.replace(/[.+^$()|[\]\\{}]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
    for (const one of files.isDirectory(directory) ? files.list(directory).filter((each) => own.test(each)) : []) for (const [title, values] of parse(files.read(joinPath(directory, one)) ?? '')) sections.set(title, values);
  }
  const main = sections.get('supervisord');
  if (!main) throw new SupervisorConfigError(".ini file does not include supervisord section");
  const programs = [...sections].filter(([title]) => title.startsWith('program:')).map(([title, values]) => program(title.slice(8), values, hostname));
  return { logfile: main.get('logfile') ?? '/var/log/supervisor/supervisord.log', programs: programs.sort((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : 1)) };
}

function parse(text: string): Sections {
  const sections: Sections = new Map();
  let current: Map<string, string> | undefined;
  let last = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\s+;.*$/, '').trimEnd();
    if (!line.trim() || /^\s*[;#]/.test(line)) continue;
    const title = /^\[(.+)\]$/.exec(line.trim())?.[1];
    if (title) sections.set(title, (current = new Map()));
    else if (/^\s/.test(line) && current && last) current.set(last, `${current.get(last)}\n${line.trim()}`);
    else {
      const [, name, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || !current) throw new SupervisorConfigError(`File contains parsing errors: ${JSON.stringify(line)}`);
      current.set((last = name.trim()), value!);
    }
  }
  return sections;
}

function program(name: string, values: Map<string, string>, hostname: string): ProgramConfig {
  const expanded = (text: string) => text.replaceAll('%(program_name)s', name).replaceAll('%(host_node_name)s', hostname).replaceAll('%%', '%');
  const text = (key: string, otherwise: string) => expanded(values.get(key) ?? otherwise);
  const command = values.get('command');
  if (!command) throw new SupervisorConfigError(`program section program:${name} does not specify a command in section 'program:${name}'`);
  if (values.has('numprocs')) throw new SupervisorConfigError(`[program:${name}]의 numprocs: kubook의 supervisord는 프로그램마다 프로세스 하나만 돌린다. 이름을 달리해 [program:…]을 하나 더 적는다.`);
  const number = (key: string, otherwise: number) => {
    const given = values.get(key);
    if (given === undefined) return otherwise;
    if (!/^\d+$/.test(given)) throw new SupervisorConfigError(`The entry for '${key}' in section 'program:${name}' is not valid: invalid literal for int() with base 10: '${given}'`);
    return Number(given);
  };
  const autorestart = text('autorestart', 'unexpected').toLowerCase();
  if (!/^(unexpected|true|yes|on|1|false|no|off|0)$/.test(autorestart)) throw new SupervisorConfigError(`Error: invalid 'autorestart' value ${JSON.stringify(autorestart)} in section 'program:${name}'`);
  const log = text('stdout_logfile', 'AUTO');
  return {
    name,
    argv: words(expanded(command)),
    autostart: !/^(false|no|off|0)$/i.test(text('autostart', 'true')),
    autorestart: autorestart === 'unexpected' ? 'unexpected' : /^(true|yes|on|1)$/.test(autorestart) ? 'true' : 'false',
    startTime: number('startsecs', 1) * 1000,
    startRetries: number('startretries', 3),
    exitCodes: text('exitcodes', '0').split(',').map(Number),
    stopTime: number('stopwaitsecs', 10) * 1000,
    priority: number('priority', 999),
    directory: text('directory', '/'),
    environment: Object.fromEntries([...text('environment', '').matchAll(/([A-Za-z_]\w*)=(?:"([^"]*)"|'([^']*)'|([^,]*))/g)].map(([, key, double, single, bare]) => [key!, double ?? single ?? bare ?? ''])),
    output: log === 'NONE' ? undefined : log === 'AUTO' ? `/var/log/supervisor/${name}-stdout---supervisor.log` : log,
  };
}

/** As a shell splits a line, without its variables. */
const words = (line: string): string[] => [...line.matchAll(/(?:[^\s"']+|"(?:\\.|[^"\\])*"|'[^']*')+/g)].map(([word]) => word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) => double?.replace(/\\(["\\$])/g, '$1') ?? single ?? ''));
