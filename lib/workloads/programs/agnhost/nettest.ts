import type { Program } from '../../program.ts';
import { flag } from './options.ts';

/** Keeps account of who wrote to it: `/write` with `{"Source": …}`, `/read` for what it has. It looks for no peers. */
export const nettest: Program = (process) => {
  const Received: Record<string, number> = {};
  process.listen(Number(flag(process.argv, '--port', '-port') ?? 8080), ({ path, body }, server) => {
    if (path.startsWith('/quit')) server.exit(0);
    if (path.startsWith('/read')) return { status: 200, body: JSON.stringify({ Hostname: server.hostname, Sent: {}, Received, Errors: null, Log: null, StillContactingPeers: false }) };
    if (!path.startsWith('/write')) return { status: path.startsWith('/status') ? 200 : 404, body: path.startsWith('/status') ? 'pass' : '404 page not found\n' };
    const source = /"Source"\s*:\s*"([^"]*)"/.exec(body ?? '')?.[1] ?? '';
    Received[source] = (Received[source] ?? 0) + 1;
    return { status: 200, body: JSON.stringify({ Hostname: server.hostname }) };
  });
  return { terminate: { after: 10, exitCode: 2 } };
};
