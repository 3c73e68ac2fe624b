// redis-cli: one command, and what the server says to it.
import { ask } from '../programs/redis/server.ts';
import type { Reply } from '../programs/redis/protocol.ts';
import type { Io, Running$, Shell } from './shell.ts';

export function* redisCli(argv: readonly string[], io: Io, shell: Shell): Running$ {
  let [host, at] = ['127.0.0.1', 6379];
  const words = argv.slice(1);
  while (/^-[hp]$/.test(words[0] ?? '')) {
    const [option, value = ''] = words.splice(0, 2);
    if (option === '-h') host = value;
    else at = Number(value);
  }
  const reply = ask(shell.process, words.length > 0 ? words : ['PING'], { host, at });
  if (!reply) {
    io.err(`Could not connect to Redis at ${host}:${at}: Connection refused\n`);
    return 1;
  }
  io.out(replyText(reply));
  return 0;
}

function replyText(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return `${reply.text}\n`;
    case 'error':
      return `(error) ${reply.text}\n`;
    case 'integer':
      return `(integer) ${reply.value}\n`;
    case 'bulk':
      return reply.text === undefined ? '(nil)\n' : reply.text.includes('\r\n') ? reply.text : `"${reply.text}"\n`;
    case 'array':
      return reply.items.length === 0 ? '(empty array)\n' : reply.items.map((item, i) => `${i + 1}) "${item}"\n`).join('');
  }
}
