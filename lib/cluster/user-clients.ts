// Clients of whoever kubectl says it is, and of nobody.
import { type ApiServer, authenticate, impliedGroups } from '../apiserver/index.ts';
import { StatusError } from '../api/index.ts';
import { type Client, InProcessClient } from '../client/index.ts';
import type { clientsOf } from './process.ts';

type Parts = Parameters<typeof clientsOf>[0];

/** kubectl as a user (`--as`), or with a token. */
export const clientsOfUsers = (parts: Parts) => ({
  clientAs: (user: string, groups: readonly string[]): Client => new InProcessClient({ ...parts, random: parts.random.fork(`as ${user}`), name: 'kubectl', user, groups: impliedGroups(user, groups) }),
  clientWith: (token: string): Client => clientWithToken(token, parts),
});

/** kubectl as whoever the token belongs to; the requests of a token that is nobody's are all refused. */
function clientWithToken(bearerToken: string, { random, ...parts }: Parts): Client {
  const common = { ...parts, random: random.fork('token'), name: 'kubectl' };
  try {
    const { name, groups } = authenticate({ bearerToken }, parts.server.tokens.userOf);
    return new InProcessClient({ ...common, user: name, groups });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return new InProcessClient({ ...common, user: '', refused: error });
  }
}

/** What lies in the store, whoever answers for it or not. */
export const storedObjects = (server: ApiServer): Pick<Client, 'list'> => ({
  list: (kind, { namespace } = {}) => ({ metadata: { resourceVersion: '' }, items: (namespace === undefined ? server.storage.every(server.resourceOf(kind)) : server.storage.all(server.resourceOf(kind), namespace)) as never }),
});
