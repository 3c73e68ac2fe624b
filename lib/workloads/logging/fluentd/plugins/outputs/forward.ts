// out_forward: sends events to other Fluentds, which it asks every second whether they are there.
// Differs from Fluentd: one address a server, and no TLS, no password and no service discovery.
import type { Attempt, Sink } from '../../buffer/buffered-output.ts';
import type { Chunk } from '../../buffer/chunk.ts';
import { ConfigError } from '../../config/error.ts';
import { PluginError } from '../../event.ts';
import type { Made } from '../../plugin.ts';
import { forwardBody, forwardMethod, isTaken } from '../forward-protocol.ts';
import { socketError } from '../network-error.ts';
import { FailureDetector } from './failure-detector.ts';

interface Server {
  name: string;
  host: string;
  port: number;
  weight: number;
  standby: boolean;
  available: boolean;
  detector: FailureDetector;
}

export function forwardSink({ section, engine }: Made, id: string): Sink {
  const { log, process } = engine;
  const interval = section.time('heartbeat_interval', 1000);
  const heartbeat = section.choice('heartbeat_type', ['transport', 'tcp', 'udp', 'none'], 'transport');
  const [hardTimeout, recoverWait] = [section.time('hard_timeout', 60_000), section.time('recover_wait', 10_000)];
  const ack = section.bool('require_ack_response', false);
  const servers = section.sections('server').map((one): Server => {
    const [host, port, weight] = [one.required('host'), one.number('port', 24_224), one.number('weight', 60)];
    const name = one.text('name', `${host}:${port}`);
    log.info(`adding forwarding server '${name}'`, { host, port, weight, plugin_id: id });
    return { name, host, port, weight, standby: one.bool('standby', false), available: true, detector: new FailureDetector({ interval, hardTimeout, threshold: section.number('phi_threshold', 16) }, process.clock.now) };
  });
  if (servers.length === 0) section.fail('forward output plugin requires at least one node is required. Add <server> or <service_discovery>');
  // Who cannot be resolved at the start ends it.
  if (heartbeat !== 'none' && !section.bool('ignore_network_errors_at_startup', false)) for (const { host } of servers) resolvable(host, process.resolve(host).addresses);
  const needed = Math.floor(recoverWait / interval);

  function beat(server: Server): void {
    const { now } = process.clock;
    if (!process.dial(server.host, server.port).error && server.detector.heard(now, needed) && !server.available) {
      server.available = true;
      log.warn(`recovered forwarding server '${server.name}'`, { host: server.host, port: server.port });
    }
    const lost = server.detector.check(now, server.available);
    if (!lost) return;
    server.available = false;
    log.warn(`detached forwarding server '${server.name}'`, { host: server.host, port: server.port, ...lost });
  }

  const beats = (): void => {
    servers.forEach(beat);
    engine.after(interval, beats);
  };
  let turn = 0;
  /** Regular servers by turns; those on standby where one of them is lost. */
  function candidates(): Server[] {
    const regular = servers.filter((one) => !one.standby);
    const list = [...regular, ...(regular.some((one) => !one.available) ? servers.filter((one) => one.standby) : [])].filter((one) => one.available && one.weight > 0);
    return list.map((_, i) => list[(turn + i) % list.length]!);
  }

  return {
    start: () => heartbeat !== 'none' && engine.after(interval, beats),
    write(chunk) {
      let last: Attempt = { error: new PluginError('Fluent::Plugin::ForwardOutput::NoNodesAvailable', 'no nodes are available') };
      const list = candidates();
      turn++;
      for (const server of list) {
        last = send(chunk, server);
        if (!last.error) return last;
      }
      return last;
    },
  };

  function send(chunk: Chunk, server: Server): Attempt {
    const dial = process.dial(server.host, server.port);
    if (dial.error) return socketError(dial, server);
    const { tag = '' } = chunk.metadata;
    const answer = dial.listener({ method: forwardMethod, path: tag, host: server.host, port: server.port, from: dial.from ?? process.ip, body: forwardBody(chunk.events) });
    server.detector.heard(process.clock.now, needed);
    // Without an acknowledgement what was sent counts as delivered, whoever was there.
    if (!ack || isTaken(answer)) return {};
    return { error: new PluginError('Fluent::Plugin::ForwardOutput::ACKTimeoutError', `node ${server.name} returns no ack`), took: 190_000 };
  }
}

function resolvable(host: string, addresses: readonly string[]): void {
  if (!isAddress(host) && addresses.length === 0) throw new ConfigError('getaddrinfo: Name or service not known', { className: 'SocketError' });
}

const isAddress = (host: string) => host.includes(':') || /^[\d.]+$/.test(host);
