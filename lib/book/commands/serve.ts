import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CommandOptions } from '../../serve/index.ts';
import { root } from '../project.ts';
import { complain, say } from '../terminal.ts';

/** Sockets, certificates and the cluster lie in a bundle of their own: no other command waits for them to load. */
export async function serve(options: CommandOptions): Promise<boolean> {
  const { serveCommand } = (await import(pathToFileURL(join(root, 'dist', 'serve.js')).href)) as typeof import('../../serve/index.ts');
  return serveCommand(options, { say, complain });
}
