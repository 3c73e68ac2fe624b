// A real etcd on free ports of this machine, with its data in a temporary folder.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { sleep } from './killed.ts';

export const hasEtcd = ['etcd', 'etcdctl'].every((program) => spawnSync(program, [program === 'etcd' ? '--version' : 'version'], { env: { ...process.env, ETCDCTL_API: '3' } }).status === 0);

export interface RealEtcd {
  readonly url: string;
  /** Runs etcdctl, returns what it prints. */
  ctl(...args: string[]): string;
  kill(): Promise<void>;
  /** Starts it again, on this folder or another one. Returns when it answers. */
  start(folder?: string): Promise<void>;
  /** Puts a saved snapshot into a folder. */
  restore(file: string, folder: string): void;
}

export async function startEtcd(folder: string): Promise<RealEtcd> {
  const [client, peer] = [await freePort(), await freePort()];
  const [url, peers] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  const cluster = ['--initial-cluster', `default=${peers}`, '--initial-advertise-peer-urls', peers];
  let child: ChildProcess | undefined;
  const ctl = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('etcdctl', ['--endpoints', url, ...args], { env: { ...process.env, ETCDCTL_API: '3' }, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout;
  };
  const etcd: RealEtcd = {
    url,
    ctl,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    },
    async start(at = folder) {
      child = spawn('etcd', ['--data-dir', at, '--listen-client-urls', url, '--advertise-client-urls', url, '--listen-peer-urls', peers, ...cluster], { stdio: 'ignore' });
      for (let tries = 0; tries < 2400; tries++) {
        if (await fetch(`${url}/health`).then((answer) => answer.ok, () => false)) return;
        await sleep(25);
      }
      throw new Error('etcd does not answer');
    },
    restore: (file, at) => void ctl('snapshot', 'restore', file, '--data-dir', at, ...cluster),
  };
  await etcd.start();
  return etcd;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
