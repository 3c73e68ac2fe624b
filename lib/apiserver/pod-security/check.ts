// What a check of the Pod Security Standards is, and how its refusals are worded.
import type { Container, PodSpec, Version } from '../../api/index.ts';

export interface CheckedPod {
  annotations: Readonly<Record<string, string>>;
  spec: PodSpec;
  /** The minor release whose standard counts. */
  minor: number;
  /** The release that words the refusal. */
  version: Version;
}

export interface Refusal {
  reason: string;
  detail: string;
}

export interface Check {
  level: 'baseline' | 'restricted';
  id: string;
  /** The first release (1.x) whose standard has it. */
  since?: number;
  /** Checks of the baseline that it makes superfluous. */
  overrides?: string;
  check(pod: CheckedPod): Refusal | undefined;
}

type SecurityContext = NonNullable<Container['securityContext']>;
export type Secured = Pick<Container, 'name' | 'ports'> & { securityContext?: SecurityContext & { appArmorProfile?: { type?: string } } };

/** All containers, those of the start first. */
export const containersOf = ({ initContainers = [], containers = [], ephemeralContainers = [] }: PodSpec): Secured[] => [...initContainers, ...containers, ...ephemeralContainers] as Secured[];

export const quoted = (names: Iterable<string>): string => [...names].map((name) => JSON.stringify(name)).join(', ');
export const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
/** `container "a"`, `containers "a", "b"` */
export const containers = (names: readonly string[]): string => `${names.length === 1 ? 'container' : 'containers'} ${quoted(names)}`;
export const namesOf = (list: readonly { name: string }[]): string[] => list.map(({ name }) => name);

/** Who has set something: the pod itself, some of its containers, or both. */
export const setters = (pod: boolean, list: readonly string[]): string[] => [...(pod ? ['pod'] : []), ...(list.length > 0 ? [containers(list)] : [])];
