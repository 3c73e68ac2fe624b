// Servers on the internet that binaries are downloaded from.
import { type Answering, binaryText, type HttpRequest, type HttpResponse, pack, textOf } from '../../machine/index.ts';

/**
 * Differs from the internet: whoever asks knows these names without a name server, and of all releases there is every one.
 * The bytes of a binary are a line that says what it is; how long it takes to come depends on the size of a real one.
 */
const addresses: Readonly<Record<string, string>> = { 'dl.k8s.io': '34.107.204.206', 'cdn.dl.k8s.io': '146.75.2.132', 'storage.googleapis.com': '142.250.207.27', 'github.com': '20.200.245.247' };

/** MB of the binaries of a release, roughly. */
const sizes: Readonly<Record<string, number>> = { 'kube-apiserver': 93, 'kube-controller-manager': 86, 'kube-scheduler': 66, 'kube-proxy': 66, kubelet: 77, kubectl: 58, kubeadm: 58, hyperkube: 208 };

const notThere: HttpResponse = { status: 404, body: 'Not Found\n', headers: { 'Content-Type': 'text/plain' } };

/** hyperkube came with releases up to v1.18. */
const published = (name: string, minor: number) => (name in sizes && (name !== 'hyperkube' || minor <= 18) ? true : false);

function release(path: string, { headers = {} }: HttpRequest, bandwidth: number): HttpResponse {
  const [, version = '', arch = '', name = ''] = /^\/release\/(v1\.\d+\.\d+)\/bin\/linux\/(\w+)\/([\w-]+)$/.exec(path) ?? [];
  if (!published(name, Number(version.split('.')[1])) || !/^(amd64|arm64)$/.test(arch)) return notThere;
  const day = Date.UTC(2017, 8, 14) + Number(version.split('.')[1]) * 100 * 86_400_000;
  const since = Date.parse(headers['If-Modified-Since'] ?? '');
  const modified = { 'Last-Modified': new Date(day).toUTCString(), 'Content-Type': 'application/octet-stream' };
  if (since >= day) return { status: 304, body: '', headers: modified };
  return { status: 200, body: binaryText({ name, version, arch }), headers: modified, delay: Math.round((sizes[name]! * 1e6 * 1000) / bandwidth) };
}

/** The archive of an etcd release, under the organisation of today and the one before. */
function etcdRelease(path: string, bandwidth: number): HttpResponse {
  const [, version = '', other, arch = ''] = /^\/(?:etcd-io|coreos)\/etcd\/releases\/download\/(v[\d.]+)\/etcd-(v[\d.]+)-linux-(amd64|arm64)\.tar\.gz$/.exec(path) ?? [];
  if (!version || version !== other) return notThere;
  const folder = `etcd-${version}-linux-${arch}`;
  const binary = (name: string) => ({ name: `${folder}/${name}`, kind: 'file' as const, mode: 0o755, content: binaryText({ name, version, arch }) });
  return { status: 200, body: textOf(pack([{ name: folder, kind: 'directory', content: '' }, binary('etcd'), binary('etcdctl')])), headers: { 'Content-Type': 'application/octet-stream' }, delay: Math.round((20e6 * 1000) / bandwidth) };
}

/** What a host on the internet answers to this machine; undefined: nobody has that address. */
export function internetListener(ip: string, port: number, bandwidth: number): Answering | undefined {
  const host = Object.keys(addresses).find((name) => addresses[name] === ip);
  if (!host || (port !== 80 && port !== 443)) return undefined;
  return (request) => {
    if (host === 'dl.k8s.io') return { status: 302, body: '', headers: { Location: `https://cdn.dl.k8s.io${request.path}` } };
    if (host === 'github.com') return etcdRelease(request.path, bandwidth);
    const path = host === 'storage.googleapis.com' ? request.path.replace(/^\/kubernetes-release(?=\/)/, '') : request.path;
    return release(path, request, bandwidth);
  };
}

export const internetAddress = (name: string): string | undefined => (Object.hasOwn(addresses, name) ? addresses[name] : undefined);
