// Versions as k8s.io/apimachinery/pkg/util/version reads and compares them.
import { fail } from './frame/errors.ts';

export interface Semver {
  components: readonly number[];
  preRelease: string;
  /** Without the `v`. */
  text: string;
}

/** Throws, in Kubernetes' words, when it is none. */
export function parseSemver(text: string): Semver {
  const [, numbers = '', rest = ''] = /^\s*v?(\d+(?:\.\d+)*)(.*)$/s.exec(text) ?? fail(`could not parse ${JSON.stringify(text)} as version`);
  const components = numbers.split('.').map(Number);
  if (components.length !== 3) fail(`illegal version string ${JSON.stringify(text)}`);
  const zeroed = numbers.split('.').find((part) => /^0\d/.test(part));
  if (zeroed) fail(`illegal zero-prefixed version component ${JSON.stringify(zeroed)} in ${JSON.stringify(text)}`);
  const [, preRelease = ''] = /^(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\s*$/.exec(rest) ?? fail(`could not parse pre-release/metadata (${rest}) in version ${JSON.stringify(text)}`);
  return { components, preRelease, text: text.trim().replace(/^v/, '') };
}

export function compareSemver(a: Semver, b: Semver): number {
  for (let i = 0; i < 3; i++) if (a.components[i] !== b.components[i]) return a.components[i]! - b.components[i]!;
  if (a.preRelease === b.preRelease) return 0;
  if (!a.preRelease || !b.preRelease) return a.preRelease ? -1 : 1;
  return comparePreReleases(a.preRelease.split('.'), b.preRelease.split('.'));
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === y) continue;
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    const [m, n] = [x, y].map((part) => (/^\d+$/.test(part) ? Number(part) : undefined));
    if (m !== undefined && n !== undefined) return m - n;
    if (m !== undefined || n !== undefined) return m !== undefined ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

export const olderThan = (a: Semver, b: string): boolean => compareSemver(a, parseSemver(b)) < 0;
