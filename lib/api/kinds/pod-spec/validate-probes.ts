// Probes and lifecycle hooks.
import { isHTTPHeaderName } from '../../names.ts';
import type { Container, Probe } from '../../types.ts';
import { validatePortReference } from './validate-ports.ts';
import type { FieldPath, Problems } from './problems.ts';

type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> & { sleep?: { seconds: number } };
const schemes = ['HTTP', 'HTTPS'];
const tooMany = 'may not specify more than 1 handler type';

function validateHttpGet(problems: Problems, at: FieldPath, { path, port, scheme, httpHeaders }: NonNullable<Probe['httpGet']>): void {
  if (!path) problems.required(at.child('path'));
  validatePortReference(problems, at.child('port'), port ?? 0);
  if (!schemes.includes(scheme ?? '')) problems.notSupported(at.child('scheme'), scheme ?? '', schemes);
  for (const { name = '' } of httpHeaders ?? []) problems.each(at.child('httpHeaders'), name, isHTTPHeaderName(name));
}

const handlers: readonly [keyof Handler, (problems: Problems, at: FieldPath, handler: any, grace: number) => void][] = [
  ['exec', (problems, at, { command }) => command?.length > 0 || problems.required(at.child('command'))],
  ['httpGet', validateHttpGet],
  ['tcpSocket', (problems, at, { port }) => validatePortReference(problems, at.child('port'), port ?? 0)],
  ['grpc', (problems, at, { port }) => validatePortReference(problems, at.child('port'), port ?? 0)],
  [
    'sleep',
    (problems, at, { seconds = 0 }, grace) => {
      // Zero seconds are allowed since 1.33 (PodLifecycleSleepActionAllowZero).
      if (seconds < 0 || seconds > grace) problems.invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`);
    },
  ],
];

function validateHandler(problems: Problems, at: FieldPath, handler: Handler, grace: number): void {
  let count = 0;
  for (const [name, validate] of handlers) {
    const value = handler[name];
    if (!value) continue;
    if (count++ > 0) problems.forbidden(at.child(name), tooMany);
    else validate(problems, at.child(name), value, grace);
  }
  if (count === 0) problems.required(at, 'must specify a handler type');
}

export function validateLifecycle(problems: Problems, at: FieldPath, { postStart, preStop }: NonNullable<Container['lifecycle']>, grace: number): void {
  if (postStart) validateHandler(problems, at.child('postStart'), postStart, grace);
  if (preStop) validateHandler(problems, at.child('preStop'), preStop, grace);
}

/** Liveness and startup probes succeed at once: their successThreshold is 1. */
export function validateProbe(problems: Problems, at: FieldPath, probe: Probe | undefined, once: boolean): void {
  if (!probe) return;
  validateHandler(problems, at, probe, 0);
  problems.nonNegative(at, 'initialDelaySeconds', probe.initialDelaySeconds);
  problems.nonNegative(at, 'timeoutSeconds', probe.timeoutSeconds);
  problems.nonNegative(at, 'periodSeconds', probe.periodSeconds);
  problems.nonNegative(at, 'successThreshold', probe.successThreshold);
  problems.nonNegative(at, 'failureThreshold', probe.failureThreshold);
  const grace = probe.terminationGracePeriodSeconds;
  if (grace !== undefined && grace <= 0) problems.invalid(at.child('terminationGracePeriodSeconds'), grace, 'must be greater than 0');
  if (!once && grace !== undefined) problems.invalid(at.child('terminationGracePeriodSeconds'), grace, 'must not be set for readinessProbes');
  if (once && probe.successThreshold !== 1) problems.invalid(at.child('successThreshold'), probe.successThreshold, 'must be 1');
}
