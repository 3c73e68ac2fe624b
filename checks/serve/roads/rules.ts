// What may differ between the two roads, and why. A rule names a field or a behaviour, never a line.
import type { Line } from './story.ts';

interface Rule {
  why: string;
  applies(words: readonly string[], own: Line['own']): boolean;
}

const has = (words: readonly string[], ...flags: string[]) => words.some((word) => flags.includes(word.split('=')[0]!));

/** Lines that are not compared. */
export const rules: Record<string, Rule> = {
  'no end': { why: 'a watch or a followed log is ended by its reader: ours after 30 s of virtual time', applies: (words) => has(words, '-w', '--watch', '--watch-only') || (words[0] === 'logs' && has(words, '-f', '--follow')) },
  'its own release': { why: 'kubectl names its own release and its own server', applies: ([verb]) => ['version', 'cluster-info', 'config', 'help', 'options', 'completion', 'plugin'].includes(verb!) },
  'a server that is down': { why: 'HTTPS is answered also while the cluster’s own API server is down', applies: (_, { stderr }) => stderr.includes('was refused - did you specify the right host or port?') },
  'a firewall': { why: 'HTTPS is answered before the firewall of the machine of the cluster’s own API server', applies: (_, { stderr }) => /^Unable to connect to the server: dial tcp \S+ i\/o timeout$/m.test(stderr) },
  'kinds that come later': { why: 'they are rows of discovery only so far, and the two kubectls say so in their own words', applies: (_, { stderr }) => stderr.includes('is not part of this simulation yet') },
  'a kubeconfig of one’s own': { why: 'users that kubectl config has written stand in the kubeconfig of that road', applies: (words) => has(words, '--user', '--cluster', '--context') },
  help: { why: 'the help of a cell’s kubectl is short', applies: (words) => words.length === 0 || has(words, '-h', '--help') },
};

const wordsOf = ({ argv }: Line) => (argv[0] === 'kubectl' ? argv.slice(1) : argv);

export const ruleFor = (line: Line): string | undefined => Object.keys(rules).find((name) => rules[name]!.applies(wordsOf(line), line.own));

const readers = ['get', 'describe', 'logs', 'explain', 'api-resources', 'api-versions', 'auth', 'diff', 'top', 'events'];

export function isReading(line: Line): boolean {
  const [verb = '', second = ''] = wordsOf(line);
  return readers.includes(verb) || (verb === 'rollout' && second === 'history');
}

/** A printout without what depends on the moment. */
export function normal(line: Line, { code, stdout, stderr }: { code: number | null; stdout: string; stderr: string }): string {
  return `${code}\n${ageless(stdout)}${ageless(stderr.replace(/^[EWI]\d{4} .*\n/gm, ''))}`;
}

/** Ages, times, and the width that they need. */
export const ageless = (text: string) =>
  text
    .replace(/\b\d{4}-\d\d-\d\dT[\d:.]+Z\b/g, '<time>')
    .replace(/\b\d+(?:[dhms]\d+)*[dhms]\b/g, '<age>')
    .replace(/^(\w[\w ]*Time|Start Time|CreationTimestamp|Started|Finished):(\s+).*$/gm, '$1:$2<time>')
    .replace(/(resourceVersion"?: "?)\d+/g, '$1<rv>')
    // A request for a certificate is signed, and a signature of this kind is never the same twice.
    .replace(/("request": ")[^"]+/g, '$1<signed>')
    .replace(/ +$/gm, '')
    // Our kubectl is of the cluster's release, and heads these columns as that one did.
    .replace(/^NAME .*(?:CPU|MEMORY)\(%\).*$/gm, (head) => head.replaceAll('(%)', '%'))
    .replace(/ {2,}/g, '  ')
    // Lines of one limit come in the order of a Go map, which has none.
    .replace(/(^ *(Container|Pod|PersistentVolumeClaim)  \S+  .*\n)+/gm, sorted)
    // Which of two events of one second comes first is chance.
    .replace(/(^ {2}(Normal|Warning) {2}.*\n)+/gm, sorted);

const sorted = (lines: string) => `${lines.trimEnd().split('\n').sort().join('\n')}\n`;
