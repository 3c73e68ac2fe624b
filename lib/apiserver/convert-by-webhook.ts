// A custom kind whose versions differ: a webhook says what an object of one version is in another.
import type { KubeObject } from '../api/index.ts';
import type { CallWebhook } from './admission/webhooks.ts';
import { addressOf, type ClientConfig } from './admission/webhook-address.ts';

interface Conversion {
  strategy?: string;
  webhook?: { clientConfig: ClientConfig; conversionReviewVersions?: string[] };
}

/** Every conversion may take half a minute. */
const timeout = 30;

/**
 * The object in another API version of its kind (apiextensions-apiserver, pkg/apiserver/conversion). Throws an Error that says
 * what the webhook did wrong. Differs from Kubernetes: the objects of a list are sent one by one.
 */
export function convertByWebhook(object: KubeObject, apiVersion: string, { conversion, call, uid }: { conversion: Conversion; call: CallWebhook; uid: string }): KubeObject {
  const { clientConfig, conversionReviewVersions = [] } = conversion.webhook!;
  const version = conversionReviewVersions.find((one) => one === 'v1' || one === 'v1beta1');
  if (!version) throw new Error('no supported conversion review versions');
  const [group = '', from = ''] = (object.apiVersion ?? '').split('/');
  const about = `conversion webhook for ${group}/${from}, Kind=${object.kind}`;
  const request = { uid, desiredAPIVersion: apiVersion, objects: [object] };
  let response: Answer | undefined;
  try {
    ({ response } = call(clientConfig, { apiVersion: `apiextensions.k8s.io/${version}`, kind: 'ConversionReview', request }, timeout) as { response?: Answer });
  } catch (error) {
    throw new Error(`${about} failed: ${addressOf(clientConfig, timeout)}: ${(error as Error).message}`);
  }
  const fault = faultOf(response, { uid, version });
  if (fault !== undefined) throw new Error(`${about} failed: ${fault}`);
  const { convertedObjects = [] } = response!;
  if (convertedObjects.length !== 1) throw new Error(`${about} returned ${convertedObjects.length} objects, expected 1`);
  const converted = convertedObjects[0]!;
  if (converted.apiVersion !== apiVersion) throw new Error(`${about} returned invalid object at index 0: invalid groupVersion (expected ${apiVersion}, received ${converted.apiVersion ?? ''})`);
  if (converted.kind !== object.kind) throw new Error(`${about} returned invalid object at index 0: invalid kind (expected ${object.kind}, received ${converted.kind})`);
  for (const [name, field] of checked) {
    const [expected = '', got = ''] = [object.metadata[field], converted.metadata?.[field]];
    if (expected !== got) throw new Error(`${about} returned invalid object: must have the same ${name}: ${expected} != ${got}`);
  }
  return { ...converted, metadata: metadataOf(object, converted) };
}

interface Answer {
  uid?: string;
  result?: { status?: string; message?: string };
  convertedObjects?: KubeObject[];
}

const checked = [['name', 'name'], ['namespace', 'namespace'], ['UID', 'uid']] as const;

/** What is wrong with an answer; v1beta1 looks less closely. */
function faultOf(response: Answer | undefined, { uid, version }: { uid: string; version: string }): string | undefined {
  if (!response) return 'no response provided';
  if (version === 'v1' && response.uid !== uid) return `expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(response.uid ?? '')}`;
  const { status = '', message } = response.result ?? {};
  return status === 'Success' ? undefined : message || `response.result.status was '${status}', not 'Success'`;
}

/** Of metadata, only labels and annotations are the webhook's to change. */
function metadataOf(object: KubeObject, converted: KubeObject): KubeObject['metadata'] {
  const { labels: _labels, annotations: _annotations, ...kept } = object.metadata;
  const { labels, annotations } = converted.metadata ?? {};
  return { ...kept, ...(labels && { labels }), ...(annotations && { annotations }) };
}
