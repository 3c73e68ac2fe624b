// Connections that ask to become something else: who asks and whether they may is decided before they do.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError } from '../api/index.ts';
import { attributesOf, authorize, type HttpResponse, type UserInfo } from '../apiserver/index.ts';
import type { Context } from './context.ts';
import { ask } from './exchange.ts';
import { userOf } from './identity.ts';
import { type PodStream, podStreamOf, urlOf } from './sub-path.ts';
import { webSockets } from './web-socket.ts';

/** Answers `upgrade` events of the HTTPS server. */
export function upgrades(context: Context): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const sockets = webSockets(context, (ws) => ws.close(1011));
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const user = userOf(request, context.cluster.server, context.tokens);
      context.time.catchUp();
      const stream = podStreamOf(urlOf(request));
      const protocol = String(request.headers.upgrade ?? '').toLowerCase();
      if (protocol !== 'websocket') throw new StatusError('BadRequest', 400, `unable to upgrade: unsupported protocol ${JSON.stringify(protocol)}`);
      if (stream && stream.subresource !== 'log') {
        mayOpen(context, request, { stream, user });
        return sockets.accept(request, { socket, head }, { stream });
      }
      const watch = ask(context, request, { user });
      if (!watch.frames) return refuseUpgrade(request, socket, watch);
      sockets.accept(request, { socket, head }, { watch });
    } catch (error) {
      if (!(error instanceof StatusError)) {
        context.onError(error);
        return void socket.destroy();
      }
      refuseUpgrade(request, socket, { code: error.code, body: error.toStatus() });
    }
  };
}

/** The pod is looked up first: a client that may not or cannot is told so with an HTTP status. */
function mayOpen({ cluster }: Context, request: IncomingMessage, { stream, user }: { stream: PodStream; user: UserInfo }): void {
  authorize(attributesOf(user, request.method ?? 'GET', urlOf(request)), cluster.server.authorizers);
  const { namespace, name, subresource, query } = stream;
  const pod = cluster.server.storage.get(cluster.server.resourceOf('Pod'), namespace, name);
  cluster.server.noteRead('get', { resource: cluster.server.resourceOf('Pod'), version: 'v1', namespace, name, subresource, user: user.name, userAgent: request.headers['user-agent'] ?? '' });
  cluster.kubelets.target({ namespace, name }, subresource === 'portforward' ? pod.spec.containers[0].name : (query.get('container') ?? undefined));
}

function refuseUpgrade(request: IncomingMessage, socket: Duplex, { code, body }: HttpResponse): void {
  const response = new ServerResponse(request);
  response.assignSocket(socket as never);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(code, { 'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json', 'Content-Length': Buffer.byteLength(text), Connection: 'close' });
  response.end(text, () => socket.end());
}
