// The guestbook application: a primary that tells its replicas, and a frontend that asks them.
import type { HttpResponse } from '../../../machine/index.ts';
import type { Process, Program } from '../../program.ts';
import { flag, query } from './options.ts';

const terminate = { after: 10, exitCode: 2 };
const json = (value: object): HttpResponse => ({ status: 200, body: JSON.stringify(value) });

/** `--backend-port` is where primary and replicas listen, `--replicaof` whose replica it is. */
export const guestbook: Program = (process) => {
  const port = Number(flag(process.argv, '--http-port') ?? 80);
  const backend = Number(flag(process.argv, '--backend-port') ?? 6379);
  const primary = flag(process.argv, '--replicaof');
  const [store, replicas]: [Record<string, string>, string[]] = [{}, []];
  const get = (host: string, path: string) => {
    const connection = process.dial(host, backend);
    return connection.error ? undefined : connection.listener({ method: 'GET', path, host, port: backend, from: process.ip }).body;
  };
  process.listen(port, ({ path }) => {
    const [name, of] = [path.replace(/\?.*/, ''), query(path)];
    if (name === '/register') {
      replicas.push(of('host'));
      return json(store);
    }
    if (name === '/get') return json({ data: of('key') ? (store[of('key')] ?? '') : store });
    if (name === '/set') {
      store[of('key')] = of('value');
      for (const replica of replicas) get(replica, path.replace('/guestbook', '/set'));
      return json({ message: 'Updated' });
    }
    if (name !== '/guestbook') return { status: 200, body: 'GOOD' };
    const command = of('cmd');
    const body = get(command === 'set' ? 'agnhost-primary' : 'agnhost-replica', `/${command}?key=${of('key')}&value=${of('value')}`);
    return body === undefined ? { status: 417, body: 'encountered error while dialing\n' } : { status: 200, body };
  });
  if (primary) register(process, () => get(primary, `/register?host=${process.ip}`), store);
  return { terminate };
};

/** Asks until the primary answers; what that has is taken over. */
function register(process: Process, ask: () => string | undefined, store: Record<string, string>): void {
  const body = ask();
  if (body === undefined) process.after(1_000, () => register(process, ask, store));
  else Object.assign(store, JSON.parse(body || '{}'));
}
