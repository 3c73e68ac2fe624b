// netplan: the network card as the files in /etc/netplan say (1.0; 0.99 where control groups are v1).
// Differs from netplan: one card, IPv4, and of its keys those of an address, a route and name servers.
import { parseDocument } from 'yaml';
import type { Card, Machine } from '../../machine/index.ts';
import { type Command, commandError, plain } from '../sh/commands/command.ts';
import { inNetwork } from './interfaces.ts';

const folder = '/etc/netplan';
const known = {
  network: ['version', 'renderer', 'ethernets'],
  card: ['addresses', 'gateway4', 'routes', 'nameservers', 'dhcp4', 'dhcp6', 'optional', 'match', 'set-name', 'mtu'],
} as const;

class Wrong extends Error {}
type Fields = Record<string, unknown>;

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCidr = (text: unknown) => typeof text === 'string' && /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/.test(text);

/** Line and column of a tab that stands where spaces must. */
function tabIn(text: string): string | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => /^ *\t/.test(line) && line.trim() !== '');
  return at < 0 ? undefined : `${at + 1}:1: Invalid YAML: tabs are not allowed for indent:\n${lines[at]}\n^`;
}

function read(path: string, text: string): Fields {
  const tab = tabIn(text);
  if (tab) throw new Wrong(`${path}:${tab}`);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Wrong(`${path}:${error.linePos?.[0].line ?? 1}:${error.linePos?.[0].col ?? 1}: Invalid YAML: ${error.message.split('\n')[0]!.replace(/ at line.*/, '')}`);
  const network = (document.toJS() as Fields | null)?.['network'];
  if (!isMap(network)) throw new Wrong(`${path}: Error in network definition: expected mapping (check indentation)`);
  return network;
}

function unknownKey(map: Fields, keys: readonly string[], path: string): void {
  const odd = Object.keys(map).find((key) => !keys.includes(key));
  if (odd !== undefined) throw new Wrong(`${path}: Error in network definition: unknown key '${odd}'`);
}

function cardIn(network: Fields, path: string): { card: Card; deprecated: boolean } {
  unknownKey(network, known.network, path);
  const ethernets = network['ethernets'];
  const [name, given] = Object.entries(isMap(ethernets) ? ethernets : {})[0] ?? [];
  if (name === undefined || !isMap(given)) throw new Wrong(`${path}: Error in network definition: expected mapping (check indentation)`);
  unknownKey(given, known.card, path);
  const { addresses = [], gateway4, routes = [], nameservers, dhcp4 = false } = given;
  if (!Array.isArray(addresses) || !Array.isArray(routes)) throw new Wrong(`${path}: Error in network definition: expected sequence`);
  const bad = addresses.find((one) => !isCidr(one));
  if (bad !== undefined) throw new Wrong(`${path}: Error in network definition: address '${String(bad)}' is missing /prefixlength`);
  const byDefault = routes.find((route) => isMap(route) && ['default', '0.0.0.0/0'].includes(String(route['to'])));
  const gateway = isMap(byDefault) ? byDefault['via'] : gateway4;
  const servers = isMap(nameservers) ? nameservers['addresses'] : undefined;
  const card: Card = { name, addresses: addresses as string[], gateway: typeof gateway === 'string' ? gateway : undefined, nameservers: Array.isArray(servers) ? servers.map(String) : [], dhcp: dhcp4 === true };
  return { card, deprecated: gateway4 !== undefined };
}

/** Throws with netplan's words. `said` are its warnings. */
function configured({ files, os, ip }: Machine): { card: Card; said: string } {
  const names = files.isDirectory(folder) ? files.list(folder).filter((name) => name.endsWith('.yaml')).sort() : [];
  let network: Fields | undefined;
  for (const name of names) network = { ...network, ...read(`${folder}/${name}`, files.read(`${folder}/${name}`) ?? '') };
  if (!network) throw new Wrong('netplan: no configuration');
  const { card, deprecated } = cardIn(network, `${folder}/${names.at(-1)}`);
  const said = deprecated && os.cgroup === 2 ? "\n** (generate:1): WARNING **: `gateway4` has been deprecated, use default routes instead.\nSee the 'Default routes' section of the documentation for more details.\n" : '';
  const all = card.dhcp ? [...card.addresses, `${ip}/24`] : card.addresses;
  // A gateway that is no neighbour cannot be reached: the kernel takes no such route.
  const reached = card.gateway !== undefined && all.some((cidr) => inNetwork(card.gateway!, cidr));
  const fromDhcp = card.dhcp && !card.gateway ? `${ip.replace(/\d+$/, '1')}` : undefined;
  return { card: { ...card, addresses: all, gateway: reached ? card.gateway : fromDhcp }, said };
}

export const netplanCommands = (machine: Machine): Record<string, Command> => ({
  netplan: plain((args, io, shell) => {
    const [verb = ''] = args.filter((arg) => !arg.startsWith('-'));
    if (!['apply', 'generate', 'try', 'get'].includes(verb)) return commandError(io, 'usage: netplan  [-h] [--debug]  ...\nYou need to specify a command', 1);
    if (verb === 'get') return void io.out((machine.files.isDirectory(folder) ? machine.files.list(folder) : []).map((name) => machine.files.read(`${folder}/${name}`) ?? '').join(''));
    if (shell.process.user.uid !== 0) return commandError(io, 'netplan: this command needs to be run as root', 1);
    try {
      const { card, said } = configured(machine);
      io.err(said);
      if (verb !== 'generate') machine.card = card;
      return 0;
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      return commandError(io, error.message, 1);
    }
  }),
});
