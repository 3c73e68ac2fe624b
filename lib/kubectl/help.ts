// Help texts: short ones in kubectl's shape.
import type { Command } from './session.ts';

const groups: [string, string[]][] = [
  ['Basic Commands (Beginner)', ['create', 'expose', 'run', 'set']],
  ['Basic Commands (Intermediate)', ['explain', 'get', 'edit', 'delete']],
  ['Deploy Commands', ['rollout', 'scale', 'autoscale']],
  ['Cluster Management Commands', ['certificate', 'cluster-info', 'top', 'cordon', 'uncordon', 'drain', 'taint']],
  ['Troubleshooting and Debugging Commands', ['describe', 'logs', 'attach', 'exec', 'port-forward', 'proxy', 'cp', 'auth', 'debug', 'events']],
  ['Advanced Commands', ['diff', 'apply', 'patch', 'replace', 'wait', 'kustomize']],
  ['Settings Commands', ['label', 'annotate', 'completion']],
  ['Other Commands', ['api-resources', 'api-versions', 'config', 'plugin', 'version']],
];

export function rootHelp(commands: readonly Command[]): string {
  const lines = ['kubectl controls the Kubernetes cluster manager.', '', ' Find more information at: https://kubernetes.io/docs/reference/kubectl/', ''];
  for (const [title, names] of groups) {
    lines.push(`${title}:`);
    for (const name of names) lines.push(`  ${name.padEnd(15)} ${commands.find((command) => command.name === name)?.short ?? ''}`);
    lines.push('');
  }
  lines.push('Usage:', '  kubectl [flags] [options]', '', 'Use "kubectl <command> --help" for more information about a given command.', 'Use "kubectl options" for a list of global command-line options (applies to all commands).', '');
  return lines.join('\n');
}

/** Differs from Kubernetes: no examples, and options without their explanations. */
export function commandHelp(path: string, { name, aliases, short, long = `${short}.`, examples, usage = '', flags = [], commands }: Command): string {
  const lines = [long, ''];
  if (aliases && commands) lines.push('Aliases:', [name, ...aliases].join(', '), '');
  if (examples) lines.push('Examples:', ...examples.map((line) => `  ${line}`), '');
  if (commands) {
    const width = Math.max(...commands.map((command) => command.name.length), 11) + 3;
    const sorted = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1));
    lines.push('Available Commands:', ...sorted.map((command) => `  ${command.name.padEnd(width)}${command.short}`), '');
  }
  const known = flags.filter(({ name }) => name !== 'raw' && name !== 'generator');
  if (known.length > 0) {
    lines.push('Options:');
    for (const { name, short: letter, type, value = type === 'list' ? '[]' : '' } of [...known].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      lines.push(`    ${letter ? `-${letter}, ` : ''}--${name}=${type === 'string' ? `'${value}'` : value}`);
    }
    lines.push('');
  }
  const words = usage || (commands ? '[flags]' : '');
  lines.push('Usage:', `  ${path} ${words && `${words} `}[options]`, '');
  if (commands) lines.push(`Use "${path} <command> --help" for more information about a given command.`);
  lines.push('Use "kubectl options" for a list of global command-line options (applies to all commands).', '');
  return lines.join('\n');
}
