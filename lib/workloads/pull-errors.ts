// What a runtime says when an image cannot be had: containerd's words, and dockerd's before v1.24.
import { type Reference, familiarName, fullName, repositoryOf } from './reference.ts';

export type PullProblem = 'repository' | 'tag' | 'unauthorized' | 'timeout' | 'no-such-host';

export function containerdPullError(problem: PullProblem, reference: Reference): string {
  const name = fullName(reference);
  const unpack = `failed to pull and unpack image "${name}": failed to resolve reference "${name}": `;
  if (problem === 'repository' && reference.domain === 'docker.io') {
    return `${unpack}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`;
  }
  if (problem === 'unauthorized') return `${unpack}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`;
  if (problem === 'tag' || problem === 'repository') {
    return `rpc error: code = NotFound desc = ${unpack}${name}: not found`;
  }
  return unreachable(unpack, reference, problem);
}

function unreachable(unpack: string, reference: Reference, problem: 'timeout' | 'no-such-host'): string {
  const host = reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain;
  const url = `https://${host}/v2/${reference.path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}`;
  const why = problem === 'timeout' ? 'dial tcp: i/o timeout' : `dial tcp: lookup ${host.replace(/:\d+$/, '')}: no such host`;
  return `${unpack}failed to do request: Head "${url}": ${why}`;
}

export function dockerPullError(problem: PullProblem, reference: Reference): string {
  const daemon = 'rpc error: code = Unknown desc = Error response from daemon: ';
  const familiar = familiarName(reference);
  const repository = reference.domain === 'docker.io' ? reference.path.replace(/^library\//, '') : repositoryOf(reference);
  switch (problem) {
    case 'repository':
      return `${daemon}pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`;
    case 'unauthorized':
      return `${daemon}Head "https://${reference.domain}/v2/${reference.path}/manifests/${reference.digest ?? reference.tag ?? 'latest'}": no basic auth credentials`;
    case 'tag':
      return `${daemon}manifest for ${familiar} not found: manifest unknown: manifest unknown`;
    default: {
      const host = reference.domain === 'docker.io' ? 'registry-1.docker.io' : reference.domain;
      const why = problem === 'timeout' ? 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)' : `dial tcp: lookup ${host}: no such host`;
      return `${daemon}Get "https://${host}/v2/": ${why}`;
    }
  }
}
