// What ping prints: busybox's (networking/ping.c), and that of iputils 20221126, which machines have.

export interface Told {
  host: string;
  ip: string;
  /** Bytes of data. */
  size: number;
  sent: number;
  /** Milliseconds, one for each reply. */
  times: number[];
  /** Requests that somebody said no to. */
  errors: number;
  /** Milliseconds from the first request to the last. */
  took: number;
}

interface Reply {
  ip: string;
  size: number;
  /** Which request it was, from 1. */
  sent: number;
  ttl: number;
  time: number;
}

interface Failure {
  text: string;
  status: number;
}

export interface PingWords {
  usage: Failure;
  denied: Failure;
  unreachable: Failure;
  unknown(host: string): Failure;
  head(told: Told): string;
  reply(reply: Reply): string;
  /** A message that the request was not let through. */
  refused(by: string, sent: number): string;
  end(told: Told): string;
}

const lost = ({ sent, times }: Told) => (sent === 0 ? 0 : Math.floor(((sent - times.length) * 100) / sent));
const average = (times: readonly number[]) => times.reduce((sum, one) => sum + one, 0) / times.length;
const cut = (time: number) => (Math.floor(time * 1000) / 1000).toFixed(3);

export const busybox: PingWords = {
  usage: { text: 'BusyBox v1.37.0 multi-call binary.\n\nUsage: ping [OPTIONS] HOST\n', status: 1 },
  denied: { text: 'ping: permission denied (are you root?)\n', status: 1 },
  unreachable: { text: 'ping: sendto: Network is unreachable\n', status: 1 },
  unknown: (host) => ({ text: `ping: bad address '${host}'\n`, status: 1 }),
  head: ({ host, ip, size }) => `PING ${host} (${ip}): ${size} data bytes\n`,
  reply: ({ ip, size, sent, ttl, time }) => `${size} bytes from ${ip}: seq=${sent - 1} ttl=${ttl}${size >= 12 ? ` time=${cut(time)} ms` : ''}\n`,
  // Such a message has another id: it looks for replies to its own requests only.
  refused: () => '',
  end(told) {
    const { host, sent, times } = told;
    const round = times.length > 0 ? `round-trip min/avg/max = ${[Math.min(...times), average(times), Math.max(...times)].map(cut).join('/')} ms\n` : '';
    return `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost(told)}% packet loss\n${round}`;
  },
};

/** Three digits that count. */
const brief = (time: number) => (time >= 100 ? time.toFixed(0) : time >= 10 ? time.toFixed(1) : time >= 1 ? time.toFixed(2) : time.toFixed(3));

export const iputils: PingWords = {
  usage: { text: 'ping: usage error: Destination address required\n', status: 1 },
  denied: { text: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?\n', status: 2 },
  unreachable: { text: 'ping: connect: Network is unreachable\n', status: 2 },
  unknown: (host) => ({ text: `ping: ${host}: Name or service not known\n`, status: 2 }),
  head: ({ host, ip, size }) => (ip.includes(':') ? `PING ${host}(${ip}) ${size} data bytes\n` : `PING ${host} (${ip}) ${size}(${size + 28}) bytes of data.\n`),
  reply: ({ ip, size, sent, ttl, time }) => `${size} bytes from ${ip}: icmp_seq=${sent} ttl=${ttl} time=${brief(time)} ms\n`,
  refused: (by, sent) => `From ${by} icmp_seq=${sent} Destination ${by.includes(':') ? 'unreachable: Port unreachable' : 'Port Unreachable'}\n`,
  end(told) {
    const { host, sent, times, errors, took } = told;
    const mean = times.length > 0 ? average(times) : 0;
    const deviation = Math.sqrt(Math.max(0, average(times.map((one) => one * one)) - mean * mean));
    const round = times.length > 0 ? `rtt min/avg/max/mdev = ${[Math.min(...times), mean, Math.max(...times), deviation].map((one) => one.toFixed(3)).join('/')} ms\n` : '\n';
    return `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} received, ${errors > 0 ? `+${errors} errors, ` : ''}${lost(told)}% packet loss, time ${took}ms\n${round}`;
  },
};
