// What may be requested, limited and counted, by name (pkg/apis/core/helper).
import { isQualifiedName } from '../names.ts';

export const computeResources: ReadonlySet<string> = new Set(['cpu', 'memory', 'ephemeral-storage']);
const countedResources: ReadonlySet<string> = new Set(['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers']);
const prefixed = ['requests.', 'limits.'].flatMap((prefix) => [...computeResources].map((name) => prefix + name));
const quotaResources: ReadonlySet<string> = new Set([...computeResources, ...countedResources, ...prefixed, 'requests.storage']);

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-');
/** Kubernetes' own resources: without a domain, or with one of kubernetes.io. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
export const isStandardResource = (name: string): boolean => quotaResources.has(name) || name === 'storage' || isQuotaHugePages(name);
export const isStandardQuotaResource = (name: string): boolean => quotaResources.has(name) || isQuotaHugePages(name);
export const isStandardContainerResource = (name: string): boolean => computeResources.has(name) || isHugePages(name);
export const isExtendedResource = (name: string): boolean => !isNativeResource(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0;
/** Things that are counted come in whole numbers. */
export const isIntegerResource = (name: string): boolean => !computeResources.has(name) && (countedResources.has(name) || isExtendedResource(name));
/** Only Kubernetes' own, divisible resources may be limited above what is requested. */
export const mayOvercommit = (name: string): boolean => isNativeResource(name) && !isHugePages(name);
