// What method, path and query of an HTTP request ask for.
import type { RequestOptions, Verb } from './request.ts';
import type { Route } from './route.ts';

/** The verb that authorization and the trace know; undefined where the path does not allow the method. */
export function verbOf(method: string, { name, subresource, watch }: Route, query: URLSearchParams): Verb | undefined {
  // One object is watched by its old path only.
  const watching = watch || (!name && ['1', 'true'].includes(query.get('watch') ?? ''));
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
    force: query.get('force') === 'true',
    fieldValidation: text('fieldValidation') as RequestOptions['fieldValidation'],
    gracePeriodSeconds: number('gracePeriodSeconds'),
    propagationPolicy: text('propagationPolicy'),
    orphanDependents: query.has('orphanDependents') ? !['false', '0', ''].includes(query.get('orphanDependents')!.toLowerCase()) : undefined,
    container: text('container'),
    previous: query.get('previous') === 'true',
    tailLines: number('tailLines'),
    sinceSeconds: number('sinceSeconds'),
    sinceTime: text('sinceTime'),
    limitBytes: number('limitBytes'),
    timestamps: query.get('timestamps') === 'true',
    dryRun: query.get('dryRun') === 'All',
  };
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined && value !== '' && (value !== false || name === 'orphanDependents')));
}
