// metrics-server's way to the API server: by the token and the address that every pod is given (rest.InClusterConfig).
import type { HttpResponse } from '../../../machine/index.ts';
import type { Process } from '../../program.ts';
import { NoAnswer, request } from './https.ts';
import type { Release } from './releases.ts';

type Json = Record<string, any>;

/** The API server refused, or could not be asked. */
export class Refused extends Error {
  readonly code: number;
  constructor(message: string, code = 0) {
    super(message);
    this.code = code;
  }
}

const folder = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface ApiClient {
  readonly token: string;
  /** Throws Refused. */
  get(path: string, accept?: string): Json;
  create(path: string, object: object): Json;
}

/** Throws an Error when the pod has no token, or nothing tells where the API server is. */
export function apiClient(process: Process, { tlsContext, minor }: Release): ApiClient {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = process.env;
  if (!host || !port) throw new Error('unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined');
  // Read anew each time: the kubelet renews it.
  const token = () => process.files.read(`${folder}/token`);
  if (token() === undefined) throw new Error(`open ${folder}/token: no such file or directory`);
  const quoted = (text: string) => (minor >= 4 ? JSON.stringify(text) : text);

  function ask(method: 'GET' | 'POST', path: string, more: { accept?: string; body?: object } = {}): Json {
    const headers = { Authorization: `Bearer ${token() ?? ''}`, Accept: more.accept ?? 'application/json', 'User-Agent': 'metrics-server/v0.0.0', ...(more.body && { 'Content-Type': 'application/json' }) };
    let answer: HttpResponse;
    try {
      answer = request(process, { host, port: Number(port), path, method, headers, insecure: true, tlsContext, ...(more.body && { body: JSON.stringify(more.body) }) });
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new Refused(`${method === 'GET' ? 'Get' : 'Post'} ${quoted(`https://${host}:${port}${path}`)}: ${error.message}`);
    }
    const object = parsed(answer.body);
    if (answer.status >= 300) throw new Refused(object?.['message'] ?? answer.body.trim(), answer.status);
    return object ?? {};
  }

  return {
    get token() {
      return token() ?? '';
    },
    get: (path, accept) => ask('GET', path, accept ? { accept } : {}),
    create: (path, object) => ask('POST', path, { body: object }),
  };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
