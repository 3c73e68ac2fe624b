// Environment variables and the downward API.
import { isConfigMapKey, isDNS1123Subdomain, isEnvVarName, isQualifiedName, maskTrailingDash } from '../../names.ts';
import type { Container } from '../../types.ts';
import { quantity } from './quantities.ts';
import type { FieldPath, Problems } from './problems.ts';

type EnvVar = NonNullable<Container['env']>[number];
type EnvFrom = NonNullable<Container['envFrom']>[number];
type ValueFrom = NonNullable<EnvVar['valueFrom']>;
export type FieldRef = NonNullable<ValueFrom['fieldRef']>;
export type ResourceFieldRef = NonNullable<ValueFrom['resourceFieldRef']>;

const envFieldPaths = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.podIP', 'status.podIPs'];
const newerEnvFieldPaths = [...envFieldPaths.slice(0, 5), 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'];
const knownFieldPaths = new Set([...envFieldPaths, 'metadata.annotations', 'metadata.labels', 'spec.restartPolicy', 'spec.schedulerName', 'status.phase', 'spec.host']);
const resourcePaths = ['limits.cpu', 'limits.ephemeral-storage', 'limits.memory', 'requests.cpu', 'requests.ephemeral-storage', 'requests.memory'];

/** `metadata.labels['app']` as its path and subscript. */
function splitSubscript(fieldPath: string): [path: string, subscript: string] | undefined {
  if (!fieldPath.endsWith("']")) return undefined;
  const open = fieldPath.indexOf("['");
  return open > 0 ? [fieldPath.slice(0, open), fieldPath.slice(open + 2, -2)] : undefined;
}

function cannotConvert(problems: Problems, at: FieldPath, fieldPath: string, why: string): void {
  problems.invalid(at.child('fieldPath'), fieldPath, `error converting fieldPath: ${why}`);
}

/** A field of the pod; `allowed` are the paths without subscript that may be named here. */
export function validateFieldRef(problems: Problems, at: FieldPath, { apiVersion, fieldPath }: FieldRef, allowed: readonly string[]): void {
  if (!apiVersion) return problems.required(at.child('apiVersion'));
  if (!fieldPath) return problems.required(at.child('fieldPath'));
  if (apiVersion !== 'v1') return cannotConvert(problems, at, fieldPath, `unsupported pod version: ${apiVersion}`);
  const split = splitSubscript(fieldPath);
  if (split) {
    const [path, subscript] = split;
    if (path === 'metadata.annotations') problems.each(at, subscript, isQualifiedName(subscript.toLowerCase()));
    else if (path === 'metadata.labels') problems.each(at, subscript, isQualifiedName(subscript));
    else cannotConvert(problems, at, fieldPath, `field label does not support subscript: ${fieldPath}`);
    return;
  }
  const hostIPs = fieldPath === 'status.hostIPs' && problems.version.has('host-ips');
  if (!knownFieldPaths.has(fieldPath) && !hostIPs) return cannotConvert(problems, at, fieldPath, `field label not supported: ${fieldPath}`);
  const path = fieldPath === 'spec.host' ? 'spec.nodeName' : fieldPath;
  if (!allowed.includes(path)) problems.notSupported(at.child('fieldPath'), path, allowed);
}

const byteDivisors = new Set(['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']);
const isHugePages = (resource: string) => resource.startsWith('requests.hugepages-') || resource.startsWith('limits.hugepages-');

/** A container's resource; files of a volume must also say of which container. */
export function validateResourceFieldRef(problems: Problems, at: FieldPath, { containerName, resource = '', divisor = '0' }: ResourceFieldRef, inVolume: boolean): void {
  const hugePages = isHugePages(resource) && problems.version.has('downward-api-huge-pages');
  if (inVolume && !containerName) problems.required(at.child('containerName'));
  else if (!resource) problems.required(at.child('resource'));
  else if (!resourcePaths.includes(resource) && !hugePages) problems.notSupported(at.child('resource'), resource, resourcePaths);
  const unit = quantity(divisor);
  if (unit.sign !== 0) validateDivisor(problems, at.child('divisor'), resource, unit.toString());
}

const divisorList = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';
const divisorNames: Record<string, string> = { memory: 'memory', 'ephemeral-storage': 'local ephemeral storage' };

function validateDivisor(problems: Problems, at: FieldPath, resource: string, unit: string): void {
  const kind = resource.slice(resource.indexOf('.') + 1);
  if (kind === 'cpu') {
    if (unit !== '1' && unit !== '1m') problems.invalid(at, resource, "only divisor's values 1m and 1 are supported with the cpu resource");
    return;
  }
  const what = divisorNames[kind] ?? (isHugePages(resource) ? 'hugepages' : undefined);
  if (what && !byteDivisors.has(unit)) problems.invalid(at, resource, `only divisor's values ${divisorList} are supported with the ${what} resource`);
}

function validateKeyRef(problems: Problems, at: FieldPath, { name = '', key }: { name?: string; key?: string }): void {
  problems.each(at.child('name'), name, isDNS1123Subdomain(name));
  if (!key) problems.required(at.child('key'));
  else problems.each(at.child('key'), key, isConfigMapKey(key));
}

function validateValueFrom(problems: Problems, at: FieldPath, source: ValueFrom, value: string | undefined): void {
  let count = 0;
  if (source.fieldRef && ++count) validateFieldRef(problems, at.child('fieldRef'), source.fieldRef, problems.version.has('host-ips') ? newerEnvFieldPaths : envFieldPaths);
  if (source.resourceFieldRef && ++count) validateResourceFieldRef(problems, at.child('resourceFieldRef'), source.resourceFieldRef, false);
  if (source.configMapKeyRef && ++count) validateKeyRef(problems, at.child('configMapKeyRef'), source.configMapKeyRef);
  if (source.secretKeyRef && ++count) validateKeyRef(problems, at.child('secretKeyRef'), source.secretKeyRef);
  if (count === 0) problems.invalid(at, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`');
  else if (value) problems.invalid(at, '', 'may not be specified when `value` is not empty');
  else if (count > 1) problems.invalid(at, '', 'may not have more than one field specified at a time');
}

/** Newer releases take any printable ASCII text without `=` for the name of a variable. */
function envNameErrors(name: string, { version }: Problems): string[] {
  if (!version.has('relaxed-env-names')) return isEnvVarName(name);
  return /^[ -<>-~]*$/.test(name) ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function validateEnv(problems: Problems, at: FieldPath, variables: readonly EnvVar[]): void {
  variables.forEach(({ name, value, valueFrom }, i) => {
    if (!name) problems.required(at.index(i).child('name'));
    else problems.each(at.index(i).child('name'), name, envNameErrors(name, problems));
    if (valueFrom) validateValueFrom(problems, at.index(i).child('valueFrom'), valueFrom, value);
  });
}

/** The name may be the beginning of one: a dash at its end is fine. */
function validateSource(problems: Problems, at: FieldPath, { name }: { name?: string }): void {
  if (!name) problems.required(at.child('name'));
  else problems.each(at.child('name'), name, isDNS1123Subdomain(maskTrailingDash(name)));
}

export function validateEnvFrom(problems: Problems, at: FieldPath, sources: readonly EnvFrom[]): void {
  sources.forEach(({ prefix, configMapRef, secretRef }, i) => {
    if (prefix) problems.each(at.index(i).child('prefix'), prefix, envNameErrors(prefix, problems));
    if (configMapRef) validateSource(problems, at.index(i).child('configMapRef'), configMapRef);
    if (secretRef) validateSource(problems, at.index(i).child('secretRef'), secretRef);
    // The path is the whole list's, in Kubernetes too.
    if (!configMapRef && !secretRef) problems.invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (configMapRef && secretRef) problems.invalid(at, '', 'may not have more than one field specified at a time');
  });
}
