// Why somebody could not be reached, as Ruby's errors name it.
import type { Dial, DialError } from '../../../../machine/index.ts';
import type { Attempt } from '../buffer/buffered-output.ts';
import { PluginError } from '../event.ts';

const classes: Record<DialError, string> = { refused: 'Errno::ECONNREFUSED', timeout: 'Errno::ETIMEDOUT', unreachable: 'Errno::EHOSTUNREACH', 'no-such-host': 'SocketError', closed: 'EOFError' };
const words: Record<DialError, string> = { refused: 'Connection refused', timeout: 'Connection timed out', unreachable: 'No route to host', 'no-such-host': 'getaddrinfo: Name or service not known', closed: 'end of file reached' };

/** Linux sends SYN anew for about so long before it gives up. */
const tcpPatience = 130_000;

/** A socket that could not be opened. */
export function socketError({ error, ip }: Dial, { host, port }: { host: string; port: number }): Attempt {
  const to = error === 'no-such-host' ? '' : ` - connect(2) for "${ip || host}" port ${port}`;
  return { error: new PluginError(classes[error!], words[error!] + to), took: error === 'timeout' ? tcpPatience : 0 };
}

/** Net::HTTP gives up after a minute. */
export function httpError({ error }: Dial, { host, port }: { host: string; port: number }): Attempt {
  const failed = `Failed to open TCP connection to ${host}:${port}`;
  if (error === 'timeout') return { error: new PluginError('Net::OpenTimeout', `${failed} (execution expired)`), took: 60_000 };
  const to = error === 'no-such-host' ? '' : ` - connect(2) for "${host}" port ${port}`;
  return { error: new PluginError(classes[error!], `${failed} (${words[error!]}${to})`) };
}
