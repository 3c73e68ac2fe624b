// The kubeconfig: how kubectl and the client libraries find the server, and as whom they come.
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMap, isSeq, parseDocument, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { makeFolder } from './make-folder.ts';
import type { KeyPair } from './certificates.ts';

export interface KubeconfigParts {
  /** `https://127.0.0.1:6443` */
  server: string;
  /** Of the authority, PEM. */
  authority: string;
  client: KeyPair;
}

const name = 'kubook';
const user = 'kubernetes-admin@kubook';
const firstLine = ' kubook serve가 만들었다. 서버를 다시 시작하면 새로 쓴다.';

const base64 = (text: string) => Buffer.from(text).toString('base64');

function entriesOf({ server, authority, client }: KubeconfigParts) {
  return {
    clusters: { name, cluster: { server, 'certificate-authority-data': base64(authority) } },
    users: { name: user, user: { 'client-certificate-data': base64(client.cert), 'client-key-data': base64(client.key) } },
    contexts: { name, context: { cluster: name, user, namespace: 'default' } },
  };
}

/** A whole kubeconfig of this one cluster. */
export function kubeconfigOf(parts: KubeconfigParts): string {
  const { clusters, users, contexts } = entriesOf(parts);
  return `#${firstLine}\n${stringify({ apiVersion: 'v1', kind: 'Config', clusters: [clusters], users: [users], contexts: [contexts], 'current-context': name }, { lineWidth: 0 })}`;
}

/** What kept the kubeconfig from being written: says it in Korean, with the next step. */
export class KubeconfigError extends Error {}

/**
 * Writes the kubeconfig so that only its owner may read it. Other clusters of a file that is there already stay in it:
 * our entries are put in and become the current context. A file that is no kubeconfig is left alone.
 */
export function writeKubeconfig(file: string, parts: KubeconfigParts): { merged: boolean } {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const ours = before.trim() === '' || before.startsWith(`#${firstLine}`);
  const text = ours ? kubeconfigOf(parts) : mergedInto(before, file, parts);
  makeFolder(dirname(file));
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  chmodSync(draft, 0o600);
  renameSync(draft, file);
  return { merged: !ours };
}

function mergedInto(text: string, file: string, parts: KubeconfigParts): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents) || document.get('kind') !== 'Config') {
    throw new KubeconfigError(`${file} 파일이 이미 있는데 kubeconfig가 아니다. 덮어쓰지 않았다.\n    → --kubeconfig 로 다른 파일을 정한다.`);
  }
  for (const [list, entry] of Object.entries(entriesOf(parts))) {
    if (!isSeq(document.get(list))) document.set(list, document.createNode([]));
    const items = (document.get(list) as YAMLSeq).items as YAMLMap[];
    const at = items.findIndex((item) => item.get('name') === entry.name);
    items.splice(at < 0 ? items.length : at, at < 0 ? 0 : 1, document.createNode(entry) as YAMLMap);
  }
  document.set('current-context', name);
  return document.toString({ lineWidth: 0 });
}
