// What the API server says when etcd does not answer. It waits first, and how long depends on who gives up first.
import { StatusError } from '../api/index.ts';
import type { ApiRequest } from './request.ts';

/** The answer comes after so many milliseconds: whoever asks has waited so long. */
export class EtcdTimeout extends StatusError {
  constructor(
    readonly waited: number,
    ...status: ConstructorParameters<typeof StatusError>
  ) {
    super(...status);
  }
}

/** Kinds that the quota's admission does not count, and pods, whose service account is looked up before. */
const uncounted = ['Pod', 'Event', 'Binding'];

/** Undefined: the request can be answered without etcd. */
export function etcdTimeout({ verb, resource, name, subresource, options }: ApiRequest): EtcdTimeout | undefined {
  if (resource.transient || resource.discoveryOnly) return undefined;
  // The watch cache answers whoever takes any version.
  if ((verb === 'get' || verb === 'list') && options?.resourceVersion === '0') return undefined;
  if (verb === 'get' || verb === 'list') {
    const what = [resource.plural, subresource && `${subresource}`, name].filter(Boolean).join(' ');
    return new EtcdTimeout(60_000, 'Timeout', 504, `the server was unable to return a response in the time allotted, but may still be processing the request (get ${what})`, { kind: resource.plural, ...(name && { name }) });
  }
  if (verb === 'create' && !subresource && !uncounted.includes(resource.kind)) return new EtcdTimeout(10_000, 'InternalError', 500, 'Internal error occurred: resource quota evaluation timed out', { causes: [{ message: 'resource quota evaluation timed out' }] });
  return new EtcdTimeout(34_000, 'Timeout', 504, 'Timeout: request did not complete within requested timeout 34s', {});
}
