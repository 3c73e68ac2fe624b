// The network card of a host that is in no cluster: ip and ifconfig, as iproute2 6.1 and net-tools 2.10 show it.
import type { Machine } from '../../machine/index.ts';
import { type Command, commandError, plain } from '../sh/commands/command.ts';

const parts = (ip: string) => ip.split('.').map(Number);
const number = (ip: string) => parts(ip).reduce((sum, part) => sum * 256 + part, 0);
const text = (value: number) => [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');

/** First and last address of the network of `172.30.1.1/24`. */
export function networkOf(cidr: string): { first: string; last: string; bits: number } {
  const [ip = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  const first = Math.floor(number(ip) / size) * size;
  return { first: text(first), last: text(first + size - 1), bits: Number(length) };
}

export const inNetwork = (ip: string, cidr: string): boolean => networkOf(`${ip}/${cidr.split('/')[1]}`).first === networkOf(cidr).first;

/** What netplan set up, or what DHCP gave. */
export const cardOf = ({ card, ip }: Machine) => card ?? { name: 'eth0', addresses: [`${ip}/24`], gateway: networkOf(`${ip}/24`).first.replace(/\d+$/, '1'), nameservers: [], dhcp: true };

function ip(machine: Machine): Command {
  return plain((args, io) => {
    const brief = args.some((arg) => arg === '-br' || arg === '-brief');
    const [object = '', ...rest] = args.filter((arg) => !/^-/.test(arg));
    const { name, addresses, gateway, dhcp } = cardOf(machine);
    const only = rest.find((word) => !['show', 'list', 'ls', 'dev'].includes(word));
    if (object !== '' && 'route'.startsWith(object)) {
      if (gateway) io.out(`default via ${gateway} dev ${name} proto ${dhcp ? 'dhcp' : 'static'} \n`);
      for (const cidr of addresses) io.out(`${networkOf(cidr).first}/${networkOf(cidr).bits} dev ${name} proto kernel scope link src ${cidr.split('/')[0]} \n`);
      return 0;
    }
    const withAddresses = object !== '' && 'address'.startsWith(object);
    if (!withAddresses && !(object !== '' && 'link'.startsWith(object))) return commandError(io, `Object "${object}" is unknown, try "ip help".`, 1);
    const cards = [
      { name: 'lo', mac: '00:00:00:00:00:00', type: 'loopback', flags: 'LOOPBACK,UP,LOWER_UP', mtu: 65_536, queue: 'noqueue', state: 'UNKNOWN', addresses: ['127.0.0.1/8'] },
      { name, mac: machine.mac, type: 'ether', flags: 'BROADCAST,MULTICAST,UP,LOWER_UP', mtu: 1500, queue: 'fq_codel', state: 'UP', addresses },
    ].filter((one) => only === undefined || one.name === only);
    if (cards.length === 0) return commandError(io, `Device "${only}" does not exist.`, 1);
    for (const one of cards) {
      if (brief) io.out(`${one.name.padEnd(16)} ${one.state.padEnd(14)} ${withAddresses ? one.addresses.join(' ') : `${one.mac} <${one.flags}>`} \n`);
      else io.out(`${one.name === 'lo' ? 1 : 2}: ${one.name}: <${one.flags}> mtu ${one.mtu} qdisc ${one.queue} state ${one.state}${withAddresses ? '' : ' mode DEFAULT'} group default qlen 1000\n    link/${one.type} ${one.mac} brd ${one.name === 'lo' ? one.mac : 'ff:ff:ff:ff:ff:ff'}\n${withAddresses ? one.addresses.map((cidr) => `    inet ${cidr}${one.name === 'lo' ? ' scope host lo' : ` brd ${networkOf(cidr).last} scope global ${dhcp ? 'dynamic ' : ''}${name}`}\n       valid_lft ${one.name === 'lo' || !dhcp ? 'forever' : '86400sec'} preferred_lft ${one.name === 'lo' || !dhcp ? 'forever' : '86400sec'}\n`).join('') : ''}`);
    }
    return 0;
  });
}

const ifconfig = (machine: Machine): Command =>
  plain((_, io) => {
    const { name, addresses } = cardOf(machine);
    const mask = (bits: number) => text(2 ** 32 - 2 ** (32 - bits));
    const inet = addresses.map((cidr) => `        inet ${cidr.split('/')[0]}  netmask ${mask(networkOf(cidr).bits)}  broadcast ${networkOf(cidr).last}\n`).join('');
    io.out(`${name}: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n${inet}        ether ${machine.mac}  txqueuelen 1000  (Ethernet)\n\nlo: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n        inet 127.0.0.1  netmask 255.0.0.0\n        loop  txqueuelen 1000  (Local Loopback)\n`);
  });

export const interfaceCommands = (machine: Machine): Record<string, Command> => ({ ip: ip(machine), ifconfig: ifconfig(machine) });
