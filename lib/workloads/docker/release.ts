// What differs between the Docker of the notes and today's: the words, the builder.

export interface DockerRelease {
  version: '20.10.2' | '28.2.2';
  /** `docker build` is BuildKit's since 23.0. */
  buildKit: boolean;
}

export const releases = { then: { version: '20.10.2', buildKit: false }, now: { version: '28.2.2', buildKit: true } } as const satisfies Record<string, DockerRelease>;

/** `"docker run" requires at least 1 argument.` before 28.0. */
export function argumentError(release: DockerRelease, { command, count, usage, short }: { command: string; count: string; usage: string; short: string }): string {
  const old = !release.buildKit;
  if (old) return `"${command}" requires ${count.replace(/^(\d)/, 'exactly $1')}.\nSee '${command} --help'.\n\nUsage:  ${usage}\n\n${short}\n`;
  const see = /at least/.test(count) ? 'See' : 'Run';
  return `docker: '${command}' requires ${count}\n\nUsage:  ${usage}\n\n${see} '${command} --help' for more information\n`;
}
