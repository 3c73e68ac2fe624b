// The JSON paths of printer columns: `.spec.size`, `.status.conditions[?(@.type=="Ready")].status`, `.spec.list[0].name`.
// Differs from Kubernetes: of its language only what printer columns use.

type Step = (values: unknown[]) => unknown[];

const field = (name: string): Step => (values) => values.flatMap((value) => (typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? [(value as Record<string, unknown>)[name]] : []));
const every: Step = (values) => values.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
const index = (at: number): Step => (values) => values.flatMap((value) => (Array.isArray(value) && value.at(at) !== undefined ? [value.at(at)] : []));
const where = (path: Step[], wanted: string): Step => (values) => values.flatMap((value) => (Array.isArray(value) ? value.filter((item) => String(walk(path, item)[0]) === wanted) : []));

const walk = (steps: Step[], value: unknown) => steps.reduce((values, step) => step(values), [value]);

const token = /^(?:\.?\[\?\(@((?:\.[\w-]+)+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\)\]|\.?\[\*\]|\.\*|\.?\[(-?\d+)\]|\.?\[['"]([^'"]+)['"]\]|\.((?:\\.|[^.[\]])+))/;

function parse(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = path.startsWith('.') || path.startsWith('[') ? path : `.${path}`;
  while (rest !== '' && rest !== '.') {
    const found = token.exec(rest);
    if (!found) return undefined;
    const [all, filtered, double, single, bare, number, quoted, name] = found;
    if (filtered) steps.push(where(parse(filtered) ?? [], double ?? single ?? bare ?? ''));
    else if (number !== undefined) steps.push(index(Number(number)));
    else if (quoted !== undefined) steps.push(field(quoted));
    else steps.push(name === undefined ? every : field(name.replaceAll('\\', '')));
    rest = rest.slice(all.length);
  }
  return steps;
}

const parsed = new Map<string, Step[] | undefined>();

/** What lies at a path; nothing when it cannot be read. */
export function valuesAt(object: unknown, path: string): unknown[] {
  if (!parsed.has(path)) parsed.set(path, parse(path));
  const steps = parsed.get(path);
  return steps ? walk(steps, object) : [];
}
