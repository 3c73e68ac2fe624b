// What a series is told by: a set of names and values.

export type Labels = Readonly<Record<string, string>>;

/** The same for the same labels, whatever their order. */
export const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}\u0001${labels[name]}`)
    .join('\u0002');

export const without = (labels: Labels, names: readonly string[]): Labels => Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
export const only = (labels: Labels, names: readonly string[]): Labels => Object.fromEntries(names.flatMap((name) => (labels[name] ? [[name, labels[name]!] as const] : [])));
/** A label without a value is none. */
export const nonEmpty = (labels: Labels): Labels => Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));

/** An expression of Go's RE2 that takes the whole text. Throws an Error. */
export function wholeRegExp(source: string): RegExp {
  const flags = /^\(\?([is]+)\)/.exec(source);
  const body = source.slice(flags?.[0].length ?? 0).replaceAll('(?P<', '(?<');
  return new RegExp(`^(?:${body})$`, `s${flags?.[1]?.includes('i') ? 'i' : ''}`);
}
