// kubeadm as a program of a machine's shell.
import type { Client } from '../../client/index.ts';
import type { Machine } from '../../machine/index.ts';
import type { Command, Io, Shell } from '../../workloads/index.ts';
import { kubeadm } from './commands/root.ts';
import { type CriDial, criErrors } from './cri.ts';
import { execute } from './frame/execute.ts';
import type { Steps } from './frame/command.ts';
import type { Fetched, Finished, KubeadmHost, Login } from './host.ts';
import { type Release, v1_20 } from './release.ts';

export { NotBuilt } from './frame/not-built.ts';
export { type CriDial, criErrors, type CriService } from './cri.ts';
export { detectSocket, knownSockets } from './configuration/cri-socket.ts';
export type { Fetched, Login } from './host.ts';
export { type Release, v1_20, v1_33 } from './release.ts';

export interface KubeadmOptions {
  machine: Machine;
  release?: Release;
  /** What a web server on the internet answers. */
  fetch?(url: string): Fetched;
  /** Who answers at the socket of a container runtime: today's kubeadm asks. */
  cri?(socket: string): CriDial;
  /** A client of the API server at a URL, or why it cannot be had; undefined where nobody answers. */
  api?(login: Login): Client | { error: string } | undefined;
}

/** Differs from Kubernetes: v1.20, and one control plane of a cluster; of today's kubeadm the checks before `init`, and its version. */
export function kubeadmCommand({ release = v1_20, ...options }: KubeadmOptions): Command {
  const root = kubeadm(release);
  return function* (argv, io, shell) {
    const words = argv.slice(1);
    if (release.version.has('containerd-by-default') && !isChecking(words)) {
      io.err(`# 도움말: 쿠북의 kubeadm ${release.gitVersion}은 사전 점검까지만 한다. kubeadm init phase preflight나 kubeadm version -o short를 쓴다.\n`);
      return 1;
    }
    return yield* execute(root, words, hostOf({ ...options, release }, { io, shell }));
  };
}

/** What today's kubeadm does here. */
const isChecking = (words: readonly string[]) => /^(init phase preflight\b|version (-o|--output)[ =]short$)/.test(words.join(' '));

const timedOut = (url: string): Fetched => ({ error: `Get ${JSON.stringify(url)}: context deadline exceeded (Client.Timeout exceeded while awaiting headers)` });

function hostOf({ machine, release, fetch, cri, api }: KubeadmOptions & { release: Release }, { io, shell }: { io: Io; shell: Shell }): KubeadmHost {
  const { process } = shell;
  // Every shell of a machine can show its network; the program itself may be missing all the same.
  const has = (program: string) => (program in shell.extra && program !== 'ip') || machine.programs.has(program);
  return {
    machine,
    release,
    cri: (socket) => cri?.(socket) ?? { error: criErrors.missing(socket.replace('unix://', '')) },
    files: process.files,
    uid: process.user.uid,
    env: shell.variables,
    cwd: shell.cwd,
    stdin: io.stdin,
    random: process.random,
    out: io.out,
    err: io.err,
    has,
    *run(...argv): Steps<Finished | undefined> {
      if (!has(argv[0]!)) return undefined;
      let [stdout, output] = ['', ''];
      const code = yield* shell.copy().command(argv, { stdin: '', out: (text) => void ((stdout += text), (output += text)), err: (text) => void (output += text) });
      return { code, stdout, output };
    },
    lookUp(name) {
      const { addresses, server, answer } = process.resolve(name);
      if (addresses.length > 0) return { addresses };
      const why = answer ? 'no such host' : `read udp ${machine.ip}:${32_768 + process.random.int(28_232)}->${server}:53: i/o timeout`;
      return { error: `lookup ${name} on ${server}:53: ${why}` };
    },
    *fetch(url, timeout) {
      if (fetch) return fetch(url);
      yield timeout;
      return timedOut(url);
    },
    *api(login) {
      const found = api?.(login);
      if (found && 'error' in found) return found;
      return found ? { client: found } : { error: (yield* this.connect(login.server)).error ?? 'EOF' };
    },
    *connect(server) {
      const [, host = '', port = '443'] = /^https?:\/\/\[?([^/\]]+?)\]?(?::(\d+))?(?:\/|$)/.exec(server) ?? [];
      const dial = process.dial(host, Number(port));
      return 'error' in dial ? { error: `dial tcp ${host}:${port}: connect: ${dial.error === 'refused' ? 'connection refused' : dial.error === 'timeout' ? 'connection timed out' : 'no route to host'}` } : {};
    },
  };
}
