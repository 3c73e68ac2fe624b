// What an installation or a removal brings along: dependencies, conflicts, and what nobody needs any more.
import type { Package } from './archive.ts';
import type { Installed } from './database.ts';
import { compareVersions } from './versions.ts';

interface Relation {
  name: string;
  operator?: string;
  version?: string;
}

export function relation(text: string): Relation {
  const [, name = text, operator, version] = /^(\S+)(?: \((\S+) (\S+)\))?$/.exec(text) ?? [];
  return { name, ...(operator && version && { operator, version }) };
}

type Known = ReadonlyMap<string, Package>;

/** By the package itself, or, where no version is asked for, by one that stands for it. */
export function isMet(text: string, packages: Known): boolean {
  const { name, operator, version } = relation(text);
  const own = packages.get(name);
  if (own && (!operator || holds(compareVersions(own.version, version!), operator))) return true;
  return !operator && [...packages.values()].some(({ provides = [] }) => provides.includes(name));
}

const holds = (order: number, operator: string) => ({ '>=': order >= 0, '<=': order <= 0, '=': order === 0, '<<': order < 0, '>>': order > 0 })[operator] ?? false;

const names = (name: string, { provides = [] }: Package) => [name, ...provides];

/** Either of the two says that they cannot be together. */
export const clash = (a: [string, Package], b: [string, Package]): boolean => a[0] !== b[0] && ((a[1].conflicts ?? []).some((name) => names(...b).includes(name)) || (b[1].conflicts ?? []).some((name) => names(...a).includes(name)));

export interface InstallPlan {
  install: [string, Package][];
  remove: string[];
  /** A package, and what of it cannot be met. */
  unmet: [name: string, depends: string][];
}

/**
 * Differs from apt: it does not weigh. What was asked for by name drives out what it cannot be with; what only comes along gives way
 * to what is installed.
 */
export function planInstall(wanted: readonly string[], { archive, installed }: { archive: Readonly<Record<string, Package>>; installed: ReadonlyMap<string, Installed> }): InstallPlan {
  const plan: InstallPlan = { install: [], remove: [], unmet: [] };
  const there = new Map<string, Package>([...installed].map(([name, { package: one }]) => [name, one]));
  const enter = (name: string, one: Package) => {
    there.set(name, one);
    for (const text of one.depends ?? []) if (!isMet(text, there) && !bring(text)) plan.unmet.push([name, text]);
    // What a package needs is set up before it.
    plan.install.push([name, one]);
    for (const text of one.recommends ?? []) if (!isMet(text, there)) bring(text);
  };
  const bring = (text: string): boolean => {
    const { name } = relation(text);
    const one = archive[name];
    if (!one || !isMet(text, new Map([[name, one]])) || [...there].some((other) => clash([name, one], other))) return false;
    enter(name, one);
    return true;
  };
  for (const name of wanted) {
    const one = archive[name]!;
    if (there.get(name)?.version === one.version) continue;
    for (const other of [...there].filter((two) => clash([name, one], two))) {
      for (const gone of planRemoval([other[0]], there)) {
        there.delete(gone);
        plan.remove.push(gone);
      }
    }
    enter(name, one);
  }
  return plan;
}

/** Those, and all that cannot be without them. */
export function planRemoval(gone: readonly string[], installed: Known): string[] {
  const left = new Map(installed);
  for (const name of gone) left.delete(name);
  for (let again = true; again; ) {
    const broken = [...left].filter(([, { depends = [] }]) => depends.some((text) => !isMet(text, left) && isMet(text, installed)));
    for (const [name] of broken) left.delete(name);
    again = broken.length > 0;
  }
  return [...installed.keys()].filter((name) => !left.has(name)).sort();
}

/** Came along with others that are gone by now. */
export function orphans(installed: ReadonlyMap<string, Installed>): string[] {
  const needed = new Set<string>();
  const visit = (name: string) => {
    const one = installed.get(name)?.package;
    if (needed.has(name) || !one) return;
    needed.add(name);
    for (const text of [...(one.depends ?? []), ...(one.recommends ?? [])]) {
      for (const [other, { package: two }] of installed) if (names(other, two).includes(relation(text).name)) visit(other);
    }
  };
  for (const [name, { automatic }] of installed) if (!automatic) visit(name);
  return [...installed.keys()].filter((name) => !needed.has(name)).sort();
}
