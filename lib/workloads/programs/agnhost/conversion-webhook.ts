// Converts the custom kind of Kubernetes' tests, whose v1 has `hostPort` where v2 has `host` and `port`: `agnhost crd-conversion-webhook`.
import type { HttpResponse } from '../../../machine/index.ts';
import type { Program } from '../../program.ts';
import { flag } from './options.ts';

type Json = Record<string, any>;

const group = 'stable.example.com';

/** A text says why it cannot be done. */
function converted({ apiVersion, ...object }: Json, wanted: string): Json | string {
  if (apiVersion === wanted) return `conversion from a version to itself should not call the webhook: ${wanted}`;
  if (apiVersion === `${group}/v1` && wanted === `${group}/v2`) {
    const { hostPort, ...rest } = object;
    if (hostPort === undefined) return { ...rest, apiVersion: wanted };
    const parts = hostPort.split(':');
    return parts.length === 2 ? { ...rest, apiVersion: wanted, host: parts[0], port: parts[1] } : `invalid hostPort value \`${hostPort}\``;
  }
  if (apiVersion === `${group}/v2` && wanted === `${group}/v1`) {
    const { host, port, ...rest } = object;
    return { ...rest, apiVersion: wanted, ...((host !== undefined || port !== undefined) && { hostPort: `${host ?? ''}:${port ?? ''}` }) };
  }
  return `unexpected conversion version ${JSON.stringify([`${group}/v1`, `${group}/v2`].includes(apiVersion) ? wanted : apiVersion)}`;
}

export const conversionWebhook: Program = (process) => {
  process.listen(Number(flag(process.argv, '--port') ?? 443), ({ path, body = '' }): HttpResponse => {
    const name = path.replace(/\?.*/, '');
    if (name === '/readyz') return { status: 200, body: 'ok' };
    if (name !== '/crdconvert') return { status: 404, body: '404 page not found\n' };
    const { apiVersion, kind, request } = JSON.parse(body) as Json;
    const answers = (request.objects as Json[]).map((object) => converted(object, request.desiredAPIVersion));
    const fault = answers.find((answer) => typeof answer === 'string');
    const result = fault === undefined ? { status: 'Success' } : { status: 'Failure', message: fault };
    return { status: 200, body: JSON.stringify({ kind, apiVersion, response: { uid: request.uid, result, ...(fault === undefined && { convertedObjects: answers }) } }) };
  });
  return { terminate: { after: 10, exitCode: 2 } };
};
