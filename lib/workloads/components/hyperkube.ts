// hyperkube: one file that is all of Kubernetes' programs. Up to v1.16 a binary, in v1.17 and v1.18 a script that calls the others; after that nobody made it.
import type { Program } from '../program.ts';
import { parseComponent } from './command-line.ts';
import { components } from './flags.ts';

export interface Said {
  out?: string;
  err?: string;
  code: number;
}

/** Undefined: it would go on as that component. */
type Dispatched = Said | { component: string; args: readonly string[] };

const controls = 'kubectl controls the Kubernetes cluster manager';
const commands: Readonly<Record<string, string>> = { 'cloud-controller-manager': '', help: 'Help about any command', 'kube-apiserver': '', 'kube-controller-manager': '', 'kube-proxy': '', 'kube-scheduler': '', kubectl: controls, kubelet: '' };
const aliases: Readonly<Record<string, string>> = { apiserver: 'kube-apiserver', 'controller-manager': 'kube-controller-manager', proxy: 'kube-proxy', scheduler: 'kube-scheduler' };

const list = (names: readonly string[], width: number) => names.map((name) => `  ${name.padEnd(width)} ${commands[name]}`);

function binaryUsage(): string {
  const rows = list(Object.keys(commands), 24).join('\n');
  return `Request a new project\n\nUsage:\n  hyperkube [flags]\n  hyperkube [command]\n\nAvailable Commands:\n${rows}\n\nFlags:\n  -h, --help   help for hyperkube\n\nUse "hyperkube [command] --help" for more information about a command.\n`;
}

function scriptUsage(): string {
  const names = Object.keys(commands).filter((name) => name !== 'cloud-controller-manager');
  return `Usage:\n  hyperkube [command]\n\nAvailable Commands:\n${list(names, 24).map((row) => row.trimEnd()).join('\n')}\n`;
}

/** Which program is meant. The first word decides; without one it tells how it is used. */
export function dispatch([first, ...args]: readonly string[], { script }: { script: boolean }): Dispatched {
  if (script) {
    if (first === undefined || first === '--help' || first === 'help') return { out: scriptUsage(), code: 0 };
    if (!(first in commands) || first === 'cloud-controller-manager') return { out: `${first}: command not supported\n${scriptUsage()}`, code: 0 };
    return { component: first, args };
  }
  if (first === undefined) return { out: binaryUsage(), code: 1 };
  if (first === '--help' || first === '-h' || (first === 'help' && args.length === 0)) return { out: binaryUsage(), code: 0 };
  if (first === 'help') return dispatch([args[0]!, '--help'], { script });
  const component = aliases[first] ?? first;
  if (component in commands) return { component, args };
  if (first.startsWith('-')) return { err: `Error: unknown ${first.startsWith('--') ? `flag: ${first}` : `shorthand flag: '${first[1]}' in ${first}`}\n`, code: 1 };
  return { err: `Error: unknown command ${JSON.stringify(first)} for "hyperkube"\nRun 'hyperkube --help' for usage.\n`, code: 1 };
}

/** Of a container: `args` follow the name of the file. */
export function hyperkube(args: readonly string[], { version, script }: { version: string; script: boolean }): Said | { component: string; args: readonly string[] } {
  const meant = dispatch(args, { script });
  if (!('component' in meant)) return meant;
  if (!(meant.component in components)) return meant;
  const parsed = parseComponent(meant.component, { args: meant.args, version, command: script ? meant.component : `hyperkube ${meant.component}` });
  return 'flags' in parsed ? meant : parsed;
}

/** A program that says something and ends; what goes on is `otherwise`. */
export const saying =
  (said: Said | { component: string }, otherwise: (component: string) => Program): Program =>
  (process) => {
    if ('component' in said) return otherwise(said.component)(process);
    const lines = (text = '') => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
    for (const line of lines(said.out)) process.log(line);
    for (const line of lines(said.err)) process.log(line, 'stderr');
    process.after(10, () => process.exit(said.code));
    return {};
  };
