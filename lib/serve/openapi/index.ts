// Answers GET /openapi/…
import { customKinds, type Version } from '../../api/index.ts';
import type { HttpResponse } from '../../apiserver/index.ts';
import { openapiDocuments } from './documents.ts';
import { swaggerProtobuf } from './protobuf.ts';

const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';

/** Undefined for paths that are none of OpenAPI's. */
export function createOpenapi(release: Version): (path: string, accept?: string) => HttpResponse | undefined {
  let documents = openapiDocuments(release);
  let binary: Buffer | undefined;
  let { changes } = customKinds(release);
  return (path, accept = '') => {
    if (changes !== customKinds(release).changes) [documents, binary, changes] = [openapiDocuments(release), undefined, customKinds(release).changes];
    const ok = (body: unknown): HttpResponse => ({ code: 200, body, type: 'application/json' });
    if (path === '/openapi/v2') {
      // `@` comes percent-encoded from some clients.
      if (!decodeURIComponent(accept).includes(protobuf)) return ok(documents.v2());
      binary ??= swaggerProtobuf(documents.v2());
      // Go cannot parse the name with an @, which is why the answer's has none.
      return { code: 200, body: binary, type: protobuf.replace('@', '.') };
    }
    if (!release.has('openapi-v3')) return undefined;
    if (path === '/openapi/v3') return ok(documents.index());
    const document = path.startsWith('/openapi/v3/') ? documents.v3(path.slice('/openapi/v3/'.length)) : undefined;
    return document && ok(document);
  };
}
