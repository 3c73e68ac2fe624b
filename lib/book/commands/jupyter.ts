import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { loadLessons } from '../lesson/load.ts';
import { exportNotebooks } from '../notebooks/export.ts';
import { jupyterPath, writeKernelspec } from '../notebooks/kernel.ts';
import { root } from '../project.ts';
import { complain, say } from '../terminal.ts';
import { sound } from './context.ts';
import { exportedText } from './export.ts';
import { practice } from './practice.ts';

const folder = join(root, 'notebooks');
const howToGet = "Jupyter가 없다: 'sudo apt install jupyter-notebook'이나 'pip install notebook'으로 설치하면 브라우저에서 열 수 있다.";

/** Opens Jupyter, or goes on in the terminal where there is none. */
export async function start(): Promise<boolean> {
  prepare();
  const command = findJupyter();
  if (command && (await open(command))) return true;
  say(`${command ? 'Jupyter가 열리지 않았다.' : howToGet} 지금은 터미널에서 시작한다.`);
  return practice();
}

export async function jupyter(): Promise<boolean> {
  prepare();
  const command = findJupyter();
  if (command) return open(command);
  complain(howToGet);
  return false;
}

function prepare(): void {
  const changed = exportNotebooks(sound(loadLessons()), { folder }).filter(({ state }) => state === 'written' || state === 'kept');
  for (const one of changed) say(exportedText(one));
  writeKernelspec();
}

const findJupyter = (): string | undefined => onPath('jupyter-notebook') ?? onPath('jupyter-lab');

function onPath(program: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, program + ending);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not here.
      }
    }
  }
}

/** True when it ran and was ended by its user. */
function open(program: string): Promise<boolean> {
  const env = { ...process.env, JUPYTER_PATH: [jupyterPath, process.env.JUPYTER_PATH].filter(Boolean).join(delimiter) };
  // As root (in a container) Jupyter starts only when told that it may.
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  say('Jupyter를 연다. 끝내려면 여기서 Ctrl-C를 두 번 누른다.');
  return new Promise((resolve) => {
    const child = spawn(program, [...asRoot, '.'], { cwd: folder, env, stdio: 'inherit' });
    const ignore = () => {};
    process.on('SIGINT', ignore);
    const end = (ok: boolean) => {
      process.off('SIGINT', ignore);
      resolve(ok);
    };
    child.on('error', () => end(false));
    child.on('exit', (status, signal) => end(status === 0 || signal !== null));
  });
}
