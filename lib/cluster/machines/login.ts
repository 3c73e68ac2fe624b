import { impliedGroups } from '../../apiserver/index.ts';
import { type Client, InProcessClient } from '../../client/index.ts';
import { clientsOfUsers } from '../user-clients.ts';
import type { ControlPlane } from './world.ts';

/** kubeadm as whom a certificate names, or whose token it shows. */
export function clientOfLogin({ parts: { server, loop, random, serves } }: ControlPlane, { user, groups, token }: { user: string; groups: readonly string[]; token?: string | undefined }): Client {
  if (token) return clientsOfUsers({ server, loop, random, reachable: serves }).clientWith(token);
  return new InProcessClient({ server, loop, random: random.fork('kubeadm'), name: 'kubeadm', user, groups: impliedGroups(user, groups), reachable: serves });
}
