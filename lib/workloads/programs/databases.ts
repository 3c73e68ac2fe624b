import type { HttpResponse, Peer } from '../../machine/index.ts';
import type { Program } from '../program.ts';

const MiB = 1024 * 1024;
/** These speak no HTTP: a GET gets an answer that no HTTP client understands. Differs from Kubernetes: they take a connection and say nothing. */
const noHttp = Object.assign((): HttpResponse => ({ status: 400, body: '' }), { accept: (peer: Peer) => ({ data() {}, end: () => peer.end() }) });

/** A database that needs a while before it listens. `memory` in MiB. */
export function database(name: string, port: number, memory: number): Program {
  return (process) => {
    if (name === 'mysqld' && !['MYSQL_ROOT_PASSWORD', 'MYSQL_ALLOW_EMPTY_PASSWORD', 'MYSQL_RANDOM_ROOT_PASSWORD'].some((n) => process.env[n])) {
      process.logLines(['[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified', '    You need to specify one of the following as an environment variable:', '    - MYSQL_ROOT_PASSWORD', '    - MYSQL_ALLOW_EMPTY_PASSWORD', '    - MYSQL_RANDOM_ROOT_PASSWORD']);
      process.after(300, () => process.exit(1));
      return {};
    }
    if (name === 'postgres' && !process.env['POSTGRES_PASSWORD'] && process.env['POSTGRES_HOST_AUTH_METHOD'] !== 'trust') {
      process.logLines(['Error: Database is uninitialized and superuser password is not specified.', '       You must specify POSTGRES_PASSWORD to a non-empty value for the', '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".']);
      process.after(200, () => process.exit(1));
      return {};
    }
    process.useMemory(memory * MiB);
    process.after(memory > 100 ? 8_000 : 800, () => {
      process.log(`${name}: ready for connections. port: ${port}`);
      process.listen(port, noHttp);
    });
    return { terminate: { after: 500, exitCode: 0 } };
  };
}
