import { type KubeObject, qualified, type Resource, StatusError, type Version } from '../api/index.ts';
import type { ServerParts } from './parts.ts';

/** A free name: newer servers try eight times, older ones ask the client to try again. */
export function generateName({ random, storage, version }: ServerParts, resource: Resource, { generateName = '', namespace }: KubeObject['metadata']): string {
  let name = '';
  for (let tries = version.has('retry-generated-names') ? 8 : 1; tries > 0; tries--) {
    name = `${generateName.slice(0, 58)}${random.suffix()}`;
    if (!storage.find(resource, namespace, name)) return name;
  }
  throw generatedNameTaken(resource, name, version);
}

/** Also what a client hears that sends a name along with a prefix. */
export function generatedNameTaken(resource: Resource, name: string, version: Version): StatusError {
  const isConflict = version.has('generated-name-conflict');
  const details = { ...(resource.group && { group: resource.group }), kind: isConflict ? resource.plural : resource.kind };
  if (isConflict) {
    const message = `${qualified(resource)} "${name}" already exists, the server was not able to generate a unique name for the object`;
    return new StatusError('AlreadyExists', 409, message, { ...details, name, retryAfterSeconds: 1 });
  }
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  return new StatusError('ServerTimeout', 500, `The POST operation against ${kind} could not be completed at this time, please try again.`, { ...details, name: 'POST' });
}
