// Asks a server that runs already, as its kubeconfig says: how one command of ours speaks to another.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parse } from 'yaml';

/** Nobody answers there: no kubeconfig, or no server behind it. */
export class NoServerError extends Error {}

export interface ServerAnswer {
  code: number;
  body: any;
}

/** GET of a path, as the administrator of the kubeconfig. */
export function askServer(kubeconfig: string, path: string): Promise<ServerAnswer> {
  const { server, ...tls } = ownCluster(kubeconfig);
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, server), { ...tls, agent: false }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body: readJson(Buffer.concat(pieces).toString('utf8')) }));
    });
    asking.on('error', (error) => reject(new NoServerError(error.message)));
    asking.end();
  });
}

function ownCluster(file: string): { server: string; ca: string; cert: string; key: string } {
  try {
    const { clusters, users } = parse(readFileSync(file, 'utf8'));
    const { cluster } = clusters.find(({ name }: { name: string }) => name === 'kubook');
    const { user } = users.find(({ name }: { name: string }) => name.endsWith('@kubook'));
    const plain = (base64: string) => Buffer.from(base64, 'base64').toString('utf8');
    return { server: cluster.server, ca: plain(cluster['certificate-authority-data']), cert: plain(user['client-certificate-data']), key: plain(user['client-key-data']) };
  } catch (error) {
    throw new NoServerError(error instanceof Error ? error.message : String(error));
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
