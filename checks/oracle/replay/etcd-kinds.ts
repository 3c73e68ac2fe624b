// kinds.json: the key of one object of each kind. How the value is stored (protobuf) is not compared: etcd here holds objects.
import { resourceFor } from '../../../lib/api/index.ts';
import { customObject, sampleObject } from '../api/sample-objects.ts';
import { freshServer } from '../api/server.ts';
import { fail, pass, type Replayer, skip } from '../replayer.ts';

export const replayer: Replayer = {
  file: 'kinds.json',
  read: (text) => JSON.parse(text).map((one: { kind: string; apiVersion: string }) => ({ id: `${one.apiVersion} ${one.kind}`, ...one })),
  replay({ kind, apiVersion, namespaced, key }, { version }) {
    const isCustom = kind.startsWith(`${customObject.kind} `);
    const object = isCustom ? customObject : sampleObject(kind);
    const [group, served] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const plural = isCustom ? 'crontabs' : object && freshServer(version).server.resourceOf(kind).plural;
    if (!object || !plural || resourceFor(group, served, plural, version)?.discoveryOnly) return skip('kinds that come later');
    const { send, store } = freshServer(version);
    if (isCustom) send({ method: 'POST', path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', body: { ...sampleObject('CustomResourceDefinition')!, apiVersion: 'apiextensions.k8s.io/v1' } });
    const root = group ? `/apis/${group}/${served}` : `/api/${served}`;
    if (kind !== 'Namespace') send({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'demo' } } });
    send({ method: 'POST', path: '/api/v1/namespaces/demo/serviceaccounts', body: { metadata: { name: 'default' }, automountServiceAccountToken: false } });
    const { code, body } = send({ method: 'POST', path: `${root}${namespaced ? '/namespaces/demo' : ''}/${plural}`, body: { ...object, apiVersion } });
    if (code !== 201) return fail(`${code} ${JSON.stringify(body)}`);
    return store.get(key) ? pass() : fail(`not at ${key}`);
  },
};
