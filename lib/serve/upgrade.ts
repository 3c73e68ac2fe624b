// Connections that ask to become something else: who asks and whether they may is decided before they do.
import { type IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest, StatusError } from '../api/index.ts';
import { attributesOf, authorize, type HttpResponse, type UserInfo } from '../apiserver/index.ts';
import { writeAnswer } from './answer.ts';
import type { Context } from './context.ts';
import { ask, followedLog } from './exchange.ts';
import { userOf } from './identity.ts';
import { commandOverSpdy, commandProtocols, forwardOverSpdy, forwardProtocol } from './spdy/streams.ts';
import { type PodStream, podStreamOf, urlOf } from './sub-path.ts';
import { webSockets } from './web-socket.ts';

/** Answers `upgrade` events of the HTTPS server. */
export function upgrades(context: Context): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  const sockets = webSockets(context);
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    try {
      const user = userOf(request, context.cluster.server);
      context.time.catchUp();
      const stream = podStreamOf(urlOf(request));
      const protocol = String(request.headers.upgrade ?? '').toLowerCase();
      if (protocol !== 'websocket' && !(protocol === 'spdy/3.1' && stream)) throw badRequest(`unable to upgrade: unsupported protocol ${JSON.stringify(protocol)}`);
      if (stream && stream.subresource !== 'log') {
        mayOpen(context, request, { stream, user });
        if (protocol === 'spdy/3.1') return acceptSpdy(context, request, { socket, head, stream });
        return sockets.accept(request, { socket, head }, { stream });
      }
      const answer = ask(context, request, { user });
      if (stream && answer.code === 200) return sockets.accept(request, { socket, head }, { log: { text: String(answer.body), followed: followedLog(request) } });
      if (!answer.frames) return refuseUpgrade(context, request, socket, answer);
      sockets.accept(request, { socket, head }, { watch: answer });
    } catch (error) {
      if (!(error instanceof StatusError)) {
        context.onError(error);
        return void socket.destroy();
      }
      refuseUpgrade(context, request, socket, { code: error.code, body: error.toStatus() });
    }
  };
}

/** Older clients: the connection itself becomes SPDY/3.1. */
function acceptSpdy(context: Context, request: IncomingMessage, { socket, head, stream }: { socket: Duplex; head: Buffer; stream: PodStream }): void {
  const offered = (request.headersDistinct['x-stream-protocol-version'] ?? []).flatMap((text) => text.split(/,\s*/));
  const spoken = stream.subresource === 'portforward' ? [forwardProtocol] : commandProtocols;
  const protocol = spoken.find((name) => offered.includes(name));
  if (!protocol) throw new StatusError('Forbidden', 403, `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${spoken.join(' ')}]`);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`);
  const open = stream.subresource === 'portforward' ? forwardOverSpdy : commandOverSpdy;
  const connection = open(context, stream, { write: (data) => socket.write(data), close: () => socket.end() });
  socket.on('data', (data: Buffer) => connection.take(data));
  socket.on('close', () => connection.close());
  if (head.length > 0) connection.take(head);
}

/** The pod is looked up first: a client that may not or cannot is told so with an HTTP status. */
function mayOpen({ cluster }: Context, request: IncomingMessage, { stream, user }: { stream: PodStream; user: UserInfo }): void {
  authorize(attributesOf(user, request.method ?? 'GET', urlOf(request)), cluster.server.authorizers);
  const { namespace, name, subresource, query } = stream;
  const pod = cluster.server.storage.get(cluster.server.resourceOf('Pod'), namespace, name);
  cluster.server.noteRead('get', { resource: cluster.server.resourceOf('Pod'), version: 'v1', namespace, name, subresource, user: user.name, userAgent: request.headers['user-agent'] ?? '' });
  if (subresource !== 'log') cluster.server.admitConnect({ user: user.name, groups: user.groups, namespace, name, subresource, query });
  cluster.kubelets.target({ namespace, name }, subresource === 'portforward' ? pod.spec.containers[0].name : (query.get('container') ?? undefined));
}

/** Who asks for no stream, or may not have it, is answered as any other. */
function refuseUpgrade({ cluster, limits }: Context, request: IncomingMessage, socket: Duplex, answer: HttpResponse): void {
  const response = new ServerResponse(request);
  response.assignSocket(socket as never);
  response.setHeader('Connection', 'close');
  response.once('finish', () => socket.end());
  void writeAnswer(request, response, answer, { version: cluster.server.version, limits });
}
