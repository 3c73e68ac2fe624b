// What somebody has changed in a cluster by hand: requests of kubectl that write, and lines typed on machines.
import type { Cluster } from '../../../lib/book/exercise.ts';

export interface Marks {
  /** Milliseconds of virtual time. */
  since: number;
  lines: Record<string, number>;
}

const linesOf = (cluster: Cluster, name: string) => cluster.machine(name).sh.history;

export const marksOf = (cluster: Cluster): Marks => ({ since: Date.parse(cluster.now), lines: Object.fromEntries([...cluster.machines.keys()].map((name) => [name, linesOf(cluster, name).length])) });

/** Commands that only look; kubectl is counted by its requests. */
const looking = /^(sudo\s+)?(cat|ls|grep|head|tail|ps|ss|netstat|lsof|hostname|id|whoami|ip|curl|wget|nc|ping|dig|nslookup|getent|date|find|crictl|echo|kubectl|iptables-save|iptables(\s+-t\s+\w+)?\s+-(n?[LS]|-list)\S*|systemctl\s+(status|is-active|is-enabled|cat))(\s|$)/;
const writing = />|\|\s*(sudo\s+)?tee\b/;
const changes = (line: string) => writing.test(line) || line.split(/&&|\|\|?|;|\n/).some((part) => part.trim() !== '' && !looking.test(part.trim()));

/** All since then, a line each. A line on a machine is one deed, however much it does. */
export function deeds(cluster: Cluster, { since, lines }: Marks): string[] {
  const written = cluster.requests().filter(({ time, userAgent, verb, path }) => time >= since && /^kubectl/.test(userAgent) && /^(create|update|patch|delete|deletecollection)$/.test(verb) && !/reviews?$/.test(path));
  const typed = [...cluster.machines.keys()].flatMap((name) => linesOf(cluster, name).slice(lines[name] ?? 0).filter(({ line }) => changes(line)).map(({ line }) => `${name}: ${line}`));
  return [...written.map(({ verb, path }) => `kubectl ${verb} ${path}`), ...typed];
}
