// /openapi/v2 and /openapi/v3: made when they are first asked for.
import type { Version } from '../../api/index.ts';
import { definitionsOf, type Dialect, type Json, servedKinds, type ServedKind } from './definitions.ts';
import { pathsOf, type Writer } from './paths.ts';

const info = ({ gitVersion }: Version) => ({ title: 'Kubernetes', version: gitVersion });

const v2: { dialect: Dialect; writer: Writer } = {
  dialect: { plain: true, refer: (name, description) => ({ ...(description && { description }), $ref: `#/definitions/${name}` }) },
  writer: {
    parameter: ({ name, description }) => ({ name, description, in: 'query', type: 'string', uniqueItems: true }),
    responses: { '200': { description: 'OK' } },
  },
};

const v3: { dialect: Dialect; writer: Writer } = {
  dialect: { refer: (name, description) => ({ ...(description && { description }), allOf: [{ $ref: `#/components/schemas/${name}` }] }) },
  writer: {
    parameter: ({ name, description }) => ({ name, description, in: 'query', schema: { type: 'string', uniqueItems: true } }),
    responses: { '200': { description: 'OK' } },
  },
};

/** The OpenAPI documents of a release. */
export function openapiDocuments(release: Version) {
  const kinds = servedKinds(release);
  const groups = new Map<string, ServedKind[]>();
  for (const kind of kinds) {
    const path = kind.resource.group ? `apis/${kind.resource.group}/${kind.version}` : `api/${kind.version}`;
    groups.set(path, [...(groups.get(path) ?? []), kind]);
  }
  const made = new Map<string, Json>();
  const once = (key: string, make: () => Json) => {
    if (!made.has(key)) made.set(key, make());
    return made.get(key)!;
  };
  return {
    /** The whole of it, Swagger 2.0. */
    v2: () => once('v2', () => ({ swagger: '2.0', info: info(release), paths: pathsOf(kinds, { release, ...v2 }), definitions: definitionsOf(kinds, { release, ...v2 }) })),
    /** /openapi/v3: where the document of each group version lies. */
    index: (): Json => ({ paths: Object.fromEntries([...groups.keys()].sort().map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=kubook-${release.gitVersion}` }])) }),
    /** `apis/apps/v1`; undefined when it is not served. */
    v3: (path: string) => {
      const group = groups.get(path);
      return group && once(path, () => ({ openapi: '3.0.0', info: info(release), paths: pathsOf(group, { release, ...v3 }), components: { schemas: definitionsOf(group, { release, ...v3 }) } }));
    },
  };
}
