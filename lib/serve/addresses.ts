// Under which names and addresses clients may reach the server.
import { hostname, networkInterfaces } from 'node:os';

const everywhere = new Set(['0.0.0.0', '::']);
const serviceNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
const loopback = ['localhost', '127.0.0.1', '::1'];

export const isLoopback = (host: string) => loopback.includes(host) || host.startsWith('127.');

/** What the server's certificate stands for. */
export function namesOf(host: string): string[] {
  const own = everywhere.has(host) ? [hostname(), ...Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ address }) => !address.startsWith('fe80')).map(({ address }) => address))] : [host];
  return [...new Set([...loopback, ...serviceNames, ...own])];
}

/** What a client on this machine types. */
export function urlOf(host: string, port: number): string {
  const name = everywhere.has(host) ? '127.0.0.1' : host;
  return `https://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
