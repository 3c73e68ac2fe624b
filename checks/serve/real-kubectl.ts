// The real kubectl, where it is there: `.ci/run` puts pinned ones into .kubectl/NAME/kubectl.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeKubeconfig, type Serving } from '../../lib/serve/index.ts';

const folder = process.env.KUBOOK_KUBECTL ?? join(import.meta.dirname, '..', '..', '.kubectl');

/** Name (`v1.25`) and path of each. */
export const kubectls = programs('kubectl');
/** The helm that came with each. */
export const helms = programs('helm');

function programs(program: string): readonly { name: string; path: string }[] {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.map((name) => ({ name, path: join(folder, name, program) })).filter(({ path }) => existsSync(path));
}

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RealKubectl {
  /** Its folder, where commands look for files. */
  readonly home: string;
  run(line: string | readonly string[], stdin?: string): Promise<Outcome>;
  /** A command that goes on: its output as it comes, until the test ends it. */
  start(line: string): Running;
  /** The same at a terminal, on which `child.stdin` types; only where Linux' `script` is. */
  atTerminal(line: string): Running;
}

interface Running {
  child: ChildProcess;
  until(pattern: RegExp): Promise<string>;
  ended: Promise<string>;
}

export const hasTerminal = process.platform === 'linux' && existsSync('/usr/bin/script');

/** kubectl with a home and a kubeconfig of its own. */
export function realKubectl(path: string, serving: Serving, { namespace = 'default' } = {}): RealKubectl {
  const home = mkdtempSync(join(tmpdir(), 'kubook-kubectl-'));
  const kubeconfig = join(home, 'config');
  writeKubeconfig(kubeconfig, serving.admin);
  if (namespace !== 'default') writeFileSync(kubeconfig, readFileSync(kubeconfig, 'utf8').replace('namespace: default', `namespace: ${namespace}`));
  const env = { PATH: process.env.PATH, HOME: home, KUBECONFIG: kubeconfig, KUBE_EDITOR: join(home, 'editor') };
  const launch = (program: string, words: readonly string[]) => spawn(program, words, { cwd: home, env, timeout: 60_000, killSignal: 'SIGKILL' });
  return {
    home,
    run: (line, stdin) =>
      new Promise((resolve) => {
        const child = launch(path, typeof line === 'string' ? line.split(' ') : line);
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (piece) => (stdout += String(piece)));
        child.stderr.on('data', (piece) => (stderr += String(piece)));
        child.on('close', (code) => resolve({ code, stdout, stderr }));
        child.stdin.end(stdin);
      }),
    start: (line) => running(launch(path, line.split(' '))),
    atTerminal: (line) => running(launch('/usr/bin/script', ['-qec', `${path} ${line}`, '/dev/null'])),
  };
}

function running(child: ChildProcess): Running {
  let text = '';
  const listeners = new Set<() => void>();
  const heard = (piece?: unknown) => {
    if (piece !== undefined) text += String(piece);
    for (const listener of listeners) listener();
  };
  child.stdout!.on('data', heard);
  child.stderr!.on('data', heard);
  return {
    child,
    ended: new Promise((resolve) => child.on('close', () => resolve(text))),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return false;
          listeners.delete(look);
          resolve(text);
          return true;
        };
        if (look()) return;
        listeners.add(look);
        child.on('close', () => look() || reject(new Error(`it ended without ${pattern}: ${text}`)));
      }),
  };
}
