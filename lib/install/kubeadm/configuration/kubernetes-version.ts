// Which Kubernetes is meant by `v1.20.2`, `stable-1`, `ci/latest` (cmd/kubeadm/app/util/version.go).
import type { Steps } from '../frame/command.ts';
import { fail } from '../frame/errors.ts';
import { type KubeadmHost, log } from '../host.ts';
import { olderThan, parseSemver } from '../semver.ts';

const bucket = 'https://dl.k8s.io';
const build = /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-0-9a-zA-Z_.+]*)?$/;
const label = /^((latest|stable)+(-[1-9](\.[1-9]([0-9])?)?)?)$/;
const prefixed = /^(?:(release|ci|ci-cross)\/)?([-\w.+]+)$/;
/** Milliseconds that a web server has for its answer. */
const patience = 10_000;

const normalized = (version: string) => (build.test(version) ? (version.startsWith('v') ? version : `v${version}`) : undefined);

/** The release that a name stands for; labels are asked of the release server. */
function* resolved(host: KubeadmHost, version: string): Steps<string> {
  const exact = normalized(version);
  if (exact) return exact;
  const [, source = 'release', name = ''] = prefixed.exec(version) ?? fail(`invalid version ${JSON.stringify(version)}`);
  const build = normalized(name);
  if (build) return build;
  if (!label.test(name)) return fail(`version ${JSON.stringify(version)} doesn't match patterns for neither semantic version nor labels (stable, latest, ...)`);
  const url = `${bucket}/${source}/${name}.txt`;
  const answer = yield* host.fetch(url, patience);
  if (!('error' in answer) && answer.status === 200) return yield* resolved(host, stable(host, answer.body.trim()));
  const why = 'error' in answer ? `unable to get URL ${JSON.stringify(url)}: ${answer.error}` : `unable to fetch file. URL: ${JSON.stringify(url)}, status: ${answer.status}`;
  log(host, 'version.go:101', `could not fetch a Kubernetes version from the internet: ${why}`);
  log(host, 'version.go:102', `falling back to the local client version: ${host.release.gitVersion}`);
  return host.release.gitVersion;
}

/** kubeadm takes no minor release that is newer than itself. */
function stable(host: KubeadmHost, remote: string): string {
  const [client, other] = [parseSemver(host.release.gitVersion).components, parseSemver(remote).components];
  const newer = other[0]! > client[0]! || (other[0] === client[0] && other[1]! > client[1]!);
  if (!newer) return remote;
  const fallBack = `stable-${client[0]}.${client[1]}`;
  log(host, 'version.go:251', `remote version is much newer: ${remote}; falling back to: ${fallBack}`, 'I');
  return fallBack;
}

export function* normalizeKubernetesVersion(host: KubeadmHost, wanted: string): Steps<string> {
  const version = yield* resolved(host, wanted);
  if (olderThan(parseSemver(version), host.release.minControlPlane)) fail(`this version of kubeadm only supports deploying clusters with the control plane version >= ${host.release.minControlPlane}. Current version: ${version}`);
  return version;
}
