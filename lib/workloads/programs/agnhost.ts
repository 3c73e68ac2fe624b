import type { Program } from '../program.ts';

/** The test image of Kubernetes: `netexec`, `serve-hostname`, `liveness`, `pause`. */
export const agnhost: Program = (process) => {
  const command = process.argv.find((a) => ['netexec', 'serve-hostname', 'liveness', 'pause'].includes(a)) ?? 'pause';
  const started = process.clock.now;
  const portOption = process.argv.join(' ').match(/--http-port[= ](\d+)/)?.[1];
  if (command === 'netexec') {
    process.listen(Number(portOption ?? 8080), (request, server) => {
      if (request.path === '/hostname') return { status: 200, body: server.hostname };
      if (request.path === '/clientip') return { status: 200, body: `${request.from}:40000` };
      return { status: 200, body: `NOW: ${new Date(server.clock.now).toISOString()}` };
    });
  }
  if (command === 'serve-hostname') process.listen(9376, (_, server) => ({ status: 200, body: server.hostname }));
  if (command === 'liveness') {
    // Healthy for ten seconds, then not: the example of the probe documentation.
    process.listen(8080, (_, server) => {
      const seconds = (server.clock.now - started) / 1000;
      return seconds > 10 ? { status: 500, body: `error: ${seconds}` } : { status: 200, body: 'ok' };
    });
  }
  return { terminate: { after: 10, exitCode: 2 } };
};
