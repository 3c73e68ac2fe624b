// The answer to a path that nobody serves: what the innermost of the three servers (the one for custom resources) does serve.
import { discovery, type Version } from '../api/index.ts';
import { healthPaths } from './health.ts';

const hooks = [
  'crd-informer-synced',
  'generic-apiserver-start-informers',
  'priority-and-fairness-config-consumer',
  'priority-and-fairness-filter',
  'start-apiextensions-controllers',
  'start-apiextensions-informers',
];
const checks = ['etcd', 'log', 'ping', ...hooks.map((hook) => `poststarthook/${hook}`)];
const group = 'apiextensions.k8s.io';

/** GET /: everything that is served. */
export function allPaths(version: Version): string[] {
  const groups = discovery(version).apiGroupList().groups;
  const groupPaths = groups.flatMap(({ name, versions }) => [`/apis/${name}`, ...versions.map(({ groupVersion }) => `/apis/${groupVersion}`)]);
  const fixed = ['/.well-known/openid-configuration', '/api', '/api/v1', '/logs', '/openid/v1/jwks'];
  return [...new Set([...fixed, ...groupPaths, ...healthPaths, ...rootPaths(version)])].sort();
}

/** Differs from Kubernetes: releases after v1.20 list a few more checks. */
export function rootPaths(version: Version): string[] {
  const versions = discovery(version).apiGroup(group)?.versions ?? [];
  const health = ['healthz', 'livez', 'readyz'].flatMap((name) => [`/${name}`, ...checks.map((check) => `/${name}/${check}`)]);
  const ready = ['/readyz/informer-sync', '/readyz/shutdown'];
  const groupPaths = ['/apis', '/apis/', `/apis/${group}`, ...versions.map(({ groupVersion }) => `/apis/${groupVersion}`)];
  return [...groupPaths, ...health, ...ready, '/metrics', '/openapi/v2', '/version'].sort();
}
