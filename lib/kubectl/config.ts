// A kubeconfig: clusters, users, and contexts that join them.
import { CommandError, PlainError } from './errors.ts';
import type { Flags } from './flags.ts';

export interface KubeConfig {
  currentContext: string;
  clusters: { name: string; server: string }[];
  /** A certificate by default, as kubeadm's administrator has. */
  users: { name: string; token?: string }[];
  contexts: { name: string; cluster: string; user: string; namespace?: string }[];
}

/** A kubeconfig with one context. */
export function kubeConfig({ name = 'kubernetes', server = 'https://10.0.0.10:6443', user = 'kubernetes-admin', namespace = '' } = {}): KubeConfig {
  const context = `${user}@${name}`;
  return {
    currentContext: context,
    clusters: [{ name, server }],
    users: [{ name: user }],
    contexts: [{ name: context, cluster: name, user, ...(namespace && { namespace }) }],
  };
}

/** What the flags and the kubeconfig lead to. Without a kubeconfig kubectl tries localhost:8080. */
export function target(config: KubeConfig | null, flags: Flags, { ownUser = false } = {}): { server: string; user: string; token: string; namespace: string } {
  const contextName = flags.string('context') || config?.currentContext || '';
  const context = config?.contexts.find(({ name }) => name === contextName);
  if (flags.has('context') && !context) throw new PlainError(`Error in configuration: context was not found for specified context: ${contextName}`);
  const user = ownUser ? '' : flags.string('user');
  if (user && !config?.users.some(({ name }) => name === user)) throw new CommandError(`auth info ${JSON.stringify(user)} does not exist`);
  const clusterName = flags.string('cluster') || context?.cluster;
  const cluster = config?.clusters.find(({ name }) => name === clusterName);
  if (flags.has('cluster') && !cluster) throw new CommandError(`no server found for cluster ${JSON.stringify(clusterName)}`);
  const server = (flags.string('server') || cluster?.server || 'http://localhost:8080').replace(/^https?:\/\//, '');
  const name = user || context?.user || '';
  // Where both are shown, the API server looks at the certificate first: --token changes nothing for its owner.
  const own = config?.users.find((one) => one.name === name);
  const token = own ? (own.token ?? '') : flags.string('token');
  return { server, user: name, token, namespace: context?.namespace || 'default' };
}
