// One request and its answer: who asks, what the body says, what the API server answers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, StatusError } from '../api/index.ts';
import { attributesOf, authorize, flowOf, type HttpResponse, type UserInfo } from '../apiserver/index.ts';
import { refuse, writeAnswer } from './answer.ts';
import { watchForm } from './form.ts';
import { nestsDeeper, readBody } from './body.ts';
import { chunkedSink } from './chunked.ts';
import type { Context } from './context.ts';
import { type Followed, followLog, followStream } from './follow.ts';
import { userOf } from './identity.ts';
import { kept, keptSink } from './kept.ts';
import type { Limits } from './limits.ts';
import { UsageProblem } from './play.ts';
import { proxied } from './proxy.ts';
import { isTrue, podStreamOf, urlOf } from './sub-path.ts';
import { inSwaggerForm } from './swagger-protobuf.ts';
import { streamWatch } from './watch.ts';

const withBody = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/** Answers one request. Never throws: whatever goes wrong is an answer too, or the end of the connection. */
export async function exchange(context: Context, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const writing = { version: context.cluster.server.version, limits: context.limits };
  try {
    const user = userOf(request, context.cluster.server);
    const body = withBody.has(request.method ?? '') ? await bodyOf(request, context.limits) : undefined;
    context.time.catchUp();
    const own = await ownAnswer(context, request, user);
    if (own) return await writeAnswer(request, response, own, writing);
    const answer = proxied(context, request, { user, body }) ?? ask(context, request, { user, body });
    if (request.method !== 'GET') context.time.soon();
    if (context.keeper) await kept(context, request.method);
    const followed = answer.code === 200 && request.method === 'GET' ? followedLog(request) : undefined;
    if (followed) return followLog(context, followed, { sink: keptSink(context, chunkedSink(request, response, 'text/plain')), first: String(answer.body) });
    if (answer.stream) return followStream(context, answer, keptSink(context, chunkedSink(request, response, answer.type)));
    if (!answer.frames) {
      for (const [name, value] of flowHeaders(context, request, user)) response.setHeader(name, value);
      return await writeAnswer(request, response, answer, writing);
    }
    const timeout = Number(urlOf(request).searchParams.get('timeoutSeconds') ?? 0);
    const { type, render } = watchForm(context, answer);
    streamWatch(context, answer.frames, { sink: keptSink(context, chunkedSink(request, response, type)), timeout, render });
  } catch (error) {
    await failed(context, request, response, error);
  }
}

/** To which flow a request belongs, as kube-apiserver tells it of all that do not go on for long. */
function flowHeaders({ cluster: { server } }: Context, request: IncomingMessage, user: UserInfo): [string, string][] {
  const { storage, version } = server;
  const all = (kind: string) => storage.all(server.resourceOf(kind));
  if (!version.has('priority-and-fairness')) return [];
  const flow = flowOf(attributesOf(user, request.method ?? 'GET', urlOf(request)), all('FlowSchema'), all('PriorityLevelConfiguration'));
  return flow ? [['X-Kubernetes-Pf-Flowschema-Uid', flow.schema.metadata.uid], ['X-Kubernetes-Pf-Prioritylevel-Uid', flow.level.metadata.uid]] : [];
}

/** Set for a log that goes on. */
export function followedLog(request: IncomingMessage): Followed | undefined {
  const stream = request.url?.includes('/log') ? podStreamOf(urlOf(request)) : undefined;
  if (stream?.subresource !== 'log' || !isTrue(stream.query, 'follow')) return undefined;
  const { namespace, name, query } = stream;
  return { namespace, name, container: query.get('container') ?? undefined, timestamps: isTrue(query, 'timestamps') };
}

/** Text, or bytes where they are protobuf. */
async function bodyOf(request: IncomingMessage, limits: Limits): Promise<string | Uint8Array> {
  const bytes = await readBody(request, limits);
  if (request.headers['content-type']?.startsWith('application/vnd.kubernetes.protobuf')) return bytes;
  const text = bytes.toString('utf8');
  if (nestsDeeper(text, limits.depth)) throw badRequest('exceeded max depth');
  return text;
}

/** What our own commands ask: whoever may do everything may ask it. A problem that is told in Korean is an answer too. */
async function ownAnswer({ own, cluster }: Context, request: IncomingMessage, user: UserInfo): Promise<HttpResponse | undefined> {
  if (!own || request.method !== 'GET' || !request.url?.startsWith('/kubook/')) return undefined;
  const url = urlOf(request);
  authorize(attributesOf(user, 'GET', url), cluster.server.authorizers);
  try {
    return { code: 200, body: await own(url) };
  } catch (error) {
    if (error instanceof UsageProblem) return { code: 409, body: { problem: error.message } };
    throw error;
  }
}

/** Hands a request to the API server, which answers at once. */
export function ask({ cluster }: Context, request: IncomingMessage, { user, body }: { user: UserInfo; body?: string | Uint8Array }): HttpResponse {
  const { method = 'GET', url = '/', headers } = request;
  const answer = cluster.server.http({
    method,
    path: url,
    contentType: headers['content-type'],
    accept: headers.accept,
    body,
    userAgent: headers['user-agent'] ?? '',
    session: headers['kubectl-session'] as string | undefined,
    user: user.name,
    groups: user.groups,
    uid: user.uid,
    extra: user.extra,
  });
  return /^\/openapi\/v2(\?|$)/.test(url) ? inSwaggerForm(answer, headers.accept) : answer;
}

async function failed({ onError, cluster, limits }: Context, request: IncomingMessage, response: ServerResponse, error: unknown): Promise<void> {
  const status = error instanceof StatusError ? error : tooDeep(error) ? badRequest('exceeded max depth') : internal(error);
  if (status.code === 500 && !(error instanceof StatusError)) onError(error);
  if (response.headersSent || response.destroyed) return void request.socket.destroy();
  // What is left of the body is not read: the connection cannot be used again.
  if (!request.complete) response.setHeader('Connection', 'close');
  await refuse(request, response, status, { version: cluster.server.version, limits });
  if (!request.complete) response.once('finish', () => request.socket.destroySoon());
}

const tooDeep = (error: unknown) => error instanceof RangeError && /call stack/.test(error.message);
const internal = (error: unknown) => new StatusError('InternalError', 500, `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`, { causes: [{ message: error instanceof Error ? error.message : String(error) }] });
