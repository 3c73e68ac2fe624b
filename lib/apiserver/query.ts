// What method, path and query of an HTTP request ask for.
import type { RequestOptions, Verb } from './request.ts';
import type { Route } from './route.ts';

/** The verb that authorization and the trace know; undefined where the path does not allow the method. */
export function verbOf(method: string, { name, subresource, watch }: Route, query: URLSearchParams): Verb | undefined {
  // One object is watched by its old path only.
  const watching = watch || (!name && isTrue(query.get('watch')));
  switch (method) {
    case 'GET':
      return watching && !subresource ? 'watch' : name ? 'get' : 'list';
    case 'POST':
      return name && !subresource ? undefined : 'create';
    case 'PUT':
      return name ? 'update' : undefined;
    case 'PATCH':
      return name ? 'patch' : undefined;
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
      return undefined;
  }
}

/** Whatever is not false is true, as where nothing follows the name. */
export const isTrue = (text: string | null) => text !== null && text !== '0' && text.toLowerCase() !== 'false';

/** What is not said is left out. */
export function optionsOf(query: URLSearchParams): RequestOptions {
  const text = (name: string) => query.get(name) ?? undefined;
  const number = (name: string) => (query.has(name) ? Number(query.get(name)) : undefined);
  const options: RequestOptions = {
    labelSelector: text('labelSelector'),
    fieldSelector: text('fieldSelector'),
    limit: number('limit'),
    continue: text('continue'),
    resourceVersion: text('resourceVersion'),
    resourceVersionMatch: text('resourceVersionMatch'),
    fieldManager: text('fieldManager'),
    force: isTrue(query.get('force')),
    fieldValidation: text('fieldValidation') as RequestOptions['fieldValidation'],
    gracePeriodSeconds: number('gracePeriodSeconds'),
    propagationPolicy: text('propagationPolicy'),
    orphanDependents: query.has('orphanDependents') ? isTrue(query.get('orphanDependents')) : undefined,
    container: text('container'),
    previous: isTrue(query.get('previous')),
    tailLines: number('tailLines'),
    sinceSeconds: number('sinceSeconds'),
    sinceTime: text('sinceTime'),
    limitBytes: number('limitBytes'),
    timestamps: isTrue(query.get('timestamps')),
    dryRun: query.get('dryRun') === 'All',
  };
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && value !== '' && (value !== false || name === 'orphanDependents')));
}
