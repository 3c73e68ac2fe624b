// What an answer may reach of the judge's objects. Plain objects and functions are open, since somebody made them to be
// handed out; of a class only what is named here; and of a cluster not the machinery behind its public names.
import { isPlain } from './wire.ts';

export type Way = 'call' | 'get' | 'closed';

export interface Surface {
  /** It is a function. */
  call: boolean;
  /** What stands under its names: something to call, to read, or what is not for answers. */
  names: Record<string, Way>;
  /** One can go through it. */
  items: boolean;
}

/** Members of a cluster that would let an answer speak for the control plane, or change what it is judged by. */
const machinery = new Set(['server', 'loop', 'kubelets']);

/** Of a class: what is read, and what is called. Without either all that is public, except what is closed. */
interface Kind {
  has(value: any): boolean;
  get?: readonly string[];
  call?: readonly string[];
  closed?: readonly string[];
}

const methods = (...names: string[]) => (value: any) => names.every((name) => typeof value[name] === 'function');

const client: Kind = {
  has: methods('updateStatus', 'createToken', 'bind'),
  get: ['name', 'version', 'clock', 'random'],
  call: ['get', 'list', 'create', 'update', 'updateStatus', 'patch', 'delete', 'createToken', 'raw', 'bind', 'evict', 'watch', 'find', 'cache', 'event', 'withManagedFields', 'resource'],
};
const cache: Kind = { has: methods('inNamespace', 'ownedBy'), get: ['size', 'synced'], call: ['get', 'inNamespace', 'ownedBy', 'by', 'index', 'on'] };
const group: Kind = { has: (value) => typeof value.count === 'function' && 'size' in value, get: ['size'], call: ['count'] };
const clock: Kind = { has: (value) => typeof value.now === 'number', get: ['now'] };
const random: Kind = { has: methods('next', 'int', 'pick'), call: ['next', 'int', 'pick', 'shuffle', 'suffix', 'fork'] };
const cloud: Kind = { has: methods('createBalancer', 'instances'), call: ['instances', 'balancers', 'createBalancer', 'updateBalancer', 'deleteBalancer', 'routes', 'createRoute', 'deleteRoute'] };
/** Whoever is root on a machine may do with it what he likes. */
const machine: Kind = { has: methods('powerOff', 'powerOn', 'shutDown'), closed: ['storage', 'execute', 'furnish', 'packetFilter', 'serving', 'onChange', 'onceFilesUsed', 'processor'] };
const unit: Kind = { has: (value) => methods('start', 'stop')(value) && 'state' in value };
const systemd: Kind = { has: methods('boot', 'lost'), closed: ['boot', 'lost'] };
const files: Kind = { has: methods('makeDirectories', 'write'), call: ['read', 'write', 'makeDirectories', 'list', 'remove', 'rename'] };

const kinds: readonly Kind[] = [client, cache, group, clock, random, cloud, machine, unit, systemd, files];

const mapNames: Record<string, Way> = { size: 'get', get: 'call', has: 'call', set: 'call', delete: 'call', clear: 'call', keys: 'call', values: 'call', entries: 'call', forEach: 'call' };

/** Undefined for data, which is copied. `mine` are maps that an answer may write into. */
export function surfaceOf(value: object, mine: WeakSet<object>): Surface | undefined {
  if (typeof value === 'function') return { call: true, names: own(value), items: false };
  // It can be put back, and not be made up.
  if (isSnapshot(value)) return { call: false, names: { revision: 'get' }, items: false };
  if (mine.has(value)) return { call: false, names: mapNames, items: true };
  if (Array.isArray(value) || value instanceof Map || value instanceof Set || value instanceof Promise || value instanceof Date || value instanceof Error) return undefined;
  if (!isPlain(value)) return ofClass(value);
  return behaves(value) ? { call: false, names: isCluster(value) ? ofCluster(value) : own(value), items: Symbol.iterator in value } : undefined;
}

export const isCluster = (value: object): boolean => 'kubectl' in value && 'client' in value && 'fault' in value;

const isSnapshot = (value: object): boolean => 'kvs' in value && 'history' in value && 'compactRevision' in value;

/** One of its own fields is something to call, or is made when it is asked for. */
function behaves(value: object): boolean {
  return Object.values(Object.getOwnPropertyDescriptors(value)).some((field) => field.get !== undefined || typeof field.value === 'function');
}

function own(value: object): Record<string, Way> {
  return Object.fromEntries(Object.entries(Object.getOwnPropertyDescriptors(value)).flatMap(([name, field]): [string, Way][] => (field.enumerable ? [[name, wayTo(field)]] : [])));
}

/** A function that has names of its own (`kubectl.text`) is read, and then called. */
const wayTo = ({ value }: PropertyDescriptor): Way => (typeof value === 'function' && Object.keys(value).length === 0 ? 'call' : 'get');

const ofCluster = (cluster: object): Record<string, Way> => Object.fromEntries(Object.entries(own(cluster)).map(([name, way]) => [name, machinery.has(name) ? 'closed' : way]));

function ofClass(value: object): Surface {
  const kind = kinds.find(({ has }) => has(value));
  const names = Object.fromEntries(members(value).map(([name, field]): [string, Way] => [name, wayIn(kind, name, field)]));
  return { call: false, names, items: kind !== undefined && Symbol.iterator in value };
}

function wayIn(kind: Kind | undefined, name: string, field: PropertyDescriptor): Way {
  if (!kind || kind.closed?.includes(name)) return 'closed';
  if (kind.get || kind.call) return kind.get?.includes(name) ? 'get' : kind.call?.includes(name) ? 'call' : 'closed';
  return wayTo(field);
}

/** Fields of the object, and what its class says of all of them. */
function members(value: object): [string, PropertyDescriptor][] {
  const found = new Map<string, PropertyDescriptor>();
  for (let at = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [name, field] of Object.entries(Object.getOwnPropertyDescriptors(at))) if (name !== 'constructor' && !found.has(name)) found.set(name, field);
  }
  return [...found];
}
