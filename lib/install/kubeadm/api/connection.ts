// How kubeadm speaks to an API server: by a kubeconfig file.
import { isAlreadyExists, isNotFound, type KubeObject, type Manifest, StatusError } from '../../../api/index.ts';
import { type Client, ConnectionError } from '../../../client/index.ts';
import type { Steps } from '../frame/command.ts';
import { fail, KubeadmError } from '../frame/errors.ts';
import { notBuilt } from '../frame/not-built.ts';
import type { KubeadmHost } from '../host.ts';
import { loginOf } from '../kubeconfig/read.ts';

/** What kubeadm asks of an API server. */
export type ApiClient = Pick<Client, 'version' | 'clock' | 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete'>;

/** Fails when there is no such file. Differs from Kubernetes: so does a server that does not answer, before it is asked for anything. */
export function* connect(host: KubeadmHost, path: string): Steps<Client> {
  const login = loginOf(host, path) ?? fail(`failed to load admin kubeconfig: open ${path}: no such file or directory`);
  const reached = yield* host.api(login);
  return 'error' in reached ? notBuilt(`an API server that does not answer (${reached.error})`) : reached.client;
}

/** What the server refuses is said as kubeadm says errors. */
export function asked<T>(request: () => T): T {
  try {
    return request();
  } catch (error) {
    throw inKubeadmsWords(error);
  }
}

const inKubeadmsWords = (error: unknown): unknown => (error instanceof StatusError || error instanceof ConnectionError ? new KubeadmError(error.message) : error);

/** Creates an object, or puts it in the place of the one that is there. */
export function createOrUpdate(client: ApiClient, object: Manifest): KubeObject {
  return asked(() => {
    try {
      return client.create(object);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      return client.update(object as KubeObject);
    }
  });
}

/** Undefined when there is none. */
export function lookFor<T>(request: () => T): T | undefined {
  try {
    return request();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw inKubeadmsWords(error);
  }
}
