// basename: the last part of a path, without a suffix.
import { filter, Misused } from './getopt.ts';

/** A suffix that is all of the name stays. */
function lastPart(path: string, suffix: string): string {
  const name = path.replace(/(?!^)\/+$/, '').replace(/.*\/(?=[^])/, '');
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

export const basename = filter('basename', { flags: 'a', values: 's', stops: true }, ({ letters, values, rest }, io) => {
  if (rest.length === 0) throw new Misused('');
  const many = letters.includes('a') || values['s'] !== undefined;
  for (const path of many ? rest : rest.slice(0, 1)) io.out(`${lastPart(path, values['s'] ?? (many ? '' : (rest[1] ?? '')))}\n`);
});
