// Answers GET /openapi/…
import { customKinds } from '../../api/index.ts';
import type { HttpResponse } from '../http.ts';
import type { ApiServer } from '../server.ts';
import type { Json } from './definitions.ts';
import { openapiDocuments } from './documents.ts';
import { merged } from './merge.ts';

export { type Declarations, describeBy } from './descriptions.ts';
export type { Json as OpenapiJson } from './definitions.ts';

const ok = (body: unknown): HttpResponse => ({ code: 200, body, type: 'application/json' });

/** Undefined for paths that are none of OpenAPI's. */
export function createOpenapi({ version: release, aggregator }: Pick<ApiServer, 'version' | 'aggregator'>): (path: string) => HttpResponse | undefined {
  let documents = openapiDocuments(release);
  let { changes } = customKinds(release);
  let whole: { of: string; swagger: Json } | undefined;

  /** Ours, with what other API servers say of theirs. Differs from Kubernetes: they are asked when somebody asks, not once a minute. */
  function swagger(): Json {
    const others = aggregator.documents('/openapi/v2');
    const of = others.join('\n');
    if (whole?.of !== of) whole = { of, swagger: others.flatMap(parsed).reduce((all, other) => merged(all, other) as Json, documents.v2()) };
    return whole.swagger;
  }

  function index(): HttpResponse {
    const paths = aggregator.documents('/openapi/v3').flatMap(parsed).map((other) => other['paths'] as Json);
    return ok({ paths: sorted(Object.assign({}, ...paths, documents.index()['paths'])) });
  }

  return (path) => {
    if (changes !== customKinds(release).changes) [documents, whole, changes] = [openapiDocuments(release), undefined, customKinds(release).changes];
    if (path === '/openapi/v2') return ok(swagger());
    if (!release.has('openapi-v3')) return undefined;
    if (path === '/openapi/v3') return index();
    if (!path.startsWith('/openapi/v3/')) return undefined;
    const document = documents.v3(path.slice('/openapi/v3/'.length)) ?? aggregator.documents(path).flatMap(parsed)[0];
    return document && ok(document);
  };
}

const sorted = (table: Json) => Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));

function parsed(text: string): Json[] {
  try {
    return [JSON.parse(text) as Json];
  } catch {
    return [];
  }
}
