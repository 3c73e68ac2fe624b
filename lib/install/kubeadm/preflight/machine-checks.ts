// Checks of the machine itself: who is asking, processors, memory, swap, ports, files, programs.
import type { KubeadmHost } from '../host.ts';
import { type Check, error, fine, warning } from './check.ts';

const named = (path: string) => path.replaceAll('/', '-');

export const privilegedUser: Check = { name: 'IsPrivilegedUser', look: ({ uid }) => (uid === 0 ? fine : error('user is not running as root')) };

export const numCPU = (least: number): Check => ({
  name: 'NumCPU',
  look: ({ machine: { cpus } }) => (cpus < least ? error(`the number of available CPUs ${cpus} is less than the required ${least}`) : fine),
});

/** In MiB. */
export const memory = (least: number): Check => ({
  name: 'Mem',
  look({ machine }) {
    const actual = Math.floor(machine.memory / 1024 / 1024);
    return actual < least ? error(`the system RAM (${actual} MB) is less than the minimum ${least} MB`) : fine;
  },
});

/** Its file has a heading, and a line for each swap. */
const swapIsOn = ({ files }: KubeadmHost) => (files.read('/proc/swaps') ?? '').split('\n').filter(Boolean).length > 1;

export const swap: Check = { name: 'Swap', look: (host) => (swapIsOn(host) ? error('running with swap on is not supported. Please disable swap') : fine) };

/** Differs from Kubernetes: said as today; the words changed twice since v1.23. */
export const swapWarning: Check = {
  name: 'Swap',
  look: (host) => (swapIsOn(host) ? warning('swap is supported for cgroup v2 only. The kubelet must be properly configured to use swap. Please refer to https://kubernetes.io/docs/concepts/architecture/nodes/#swap-memory, or disable swap on the node') : fine),
};

export const portOpen = (port: number): Check => ({
  name: `Port-${port}`,
  look: ({ machine }) => (machine.listeners.some(([taken]) => taken === port) ? error(`Port ${port} is in use`) : fine),
});

export const fileAvailable = (path: string): Check => ({
  name: `FileAvailable-${named(path)}`,
  look: ({ files }) => (files.find(path) ? error(`${path} already exists`) : fine),
});

export const fileExisting = (path: string, name = `FileExisting-${named(path)}`): Check => ({
  name,
  look: ({ files }) => (files.find(path) ? fine : error(`${path} doesn't exist`)),
});

export const dirAvailable = (path: string): Check => ({
  name: `DirAvailable-${named(path)}`,
  look: ({ files }) => (files.find(path) && (!files.isDirectory(path) || files.list(path).length > 0) ? error(`${path} is not empty`) : fine),
});

export const fileContent = (path: string, begin: string): Check => ({
  name: `FileContent-${named(path)}`,
  look({ files }) {
    const text = files.read(path);
    if (text === undefined) return error(`${path} does not exist`);
    return text.startsWith(begin) ? fine : error(`${path} contents are not set to ${begin}`);
  },
});

export const inPath = (program: string, { mandatory }: { mandatory: boolean }): Check => ({
  name: `FileExisting-${program}`,
  look(host) {
    if (host.has(program)) return fine;
    return (mandatory ? error : warning)(`${program} not found in system path`);
  },
});

export const hostname = (nodeName: string): Check => ({
  name: 'Hostname',
  look(host) {
    const found = host.lookUp(nodeName);
    if (!('error' in found)) return found.addresses.length > 0 ? fine : warning(`hostname "${nodeName}" could not be reached`);
    return { warnings: [`hostname "${nodeName}" could not be reached`, `hostname "${nodeName}": ${found.error}`] };
  },
});
