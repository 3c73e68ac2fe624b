// Ports of containers.
import { isValidPortName, isValidPortNum } from '../../names.ts';
import type { Container } from '../../types.ts';
import type { FieldPath, Problems } from './problems.ts';

const protocols = ['SCTP', 'TCP', 'UDP'];

export function validatePorts(problems: Problems, at: FieldPath, ports: NonNullable<Container['ports']>): void {
  const names = new Set<string>();
  ports.forEach(({ name, containerPort, hostPort, protocol }, i) => {
    const path = at.index(i);
    if (name) {
      const messages = isValidPortName(name);
      if (messages.length > 0) problems.each(path.child('name'), name, messages);
      else if (names.has(name)) problems.duplicate(path.child('name'), name);
      else names.add(name);
    }
    if (!containerPort) problems.required(path.child('containerPort'));
    else problems.each(path.child('containerPort'), containerPort, isValidPortNum(containerPort));
    if (hostPort) problems.each(path.child('hostPort'), hostPort, isValidPortNum(hostPort));
    if (!protocol) problems.required(path.child('protocol'));
    else if (!protocols.includes(protocol)) problems.notSupported(path.child('protocol'), protocol, protocols);
  });
}

/** A port of the host belongs to one container. */
export function checkHostPorts(problems: Problems, at: FieldPath, containers: readonly Container[]): void {
  let taken: Set<string> | undefined;
  containers.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort, hostIP, protocol }, j) => {
      if (!hostPort) return;
      const text = `${protocol ?? ''}/${hostIP ?? ''}/${hostPort}`;
      taken ??= new Set();
      if (taken.has(text)) problems.duplicate(at.index(i).child('ports').index(j).child('hostPort'), text);
      taken.add(text);
    });
  });
}

/** A port of a probe or handler: a number, or the name of a container's port. */
export function validatePortReference(problems: Problems, at: FieldPath, port: string | number): void {
  problems.each(at, port, typeof port === 'number' ? isValidPortNum(port) : isValidPortName(port));
}
