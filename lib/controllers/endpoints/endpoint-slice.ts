// Keeps EndpointSlices for each service with a selector (pkg/controller/endpointslice).
import { type EndpointSlice, equal, type Service } from '../../api/index.ts';
import { type Client, type Controller, forMapped, type Key, keyText } from '../../client/index.ts';
import { createHintedServices } from './hinted-services.ts';
import { hasSelector, serviceMembers } from './members.ts';
import { type AddressType, createSliceMembers, MissingNode } from './slice-members.ts';
import { belongsTo, labelsOf, planSlices } from './slice-plan.ts';
import { createSliceWriter, SliceWriteError } from './slice-writer.ts';
import { wantsHints } from './topology-hints.ts';
import { createTriggerTimes, withTriggerTime } from './trigger-times.ts';

export interface EndpointSliceOptions {
  maxEndpointsPerSlice?: number;
}

/** The first wait after a failed write (milliseconds). */
const firstRetry = 1000;

export function endpointSliceController(client: Client, { maxEndpointsPerSlice = 100 }: EndpointSliceOptions = {}): Controller {
  const { version } = client;
  const members = serviceMembers(client);
  const writer = createSliceWriter(client, 'endpointslice-controller.k8s.io');
  const sliceMembers = createSliceMembers(client);
  const hints = createHintedServices(client);
  const failures = new Map<string, number>();
  const triggerTimes = createTriggerTimes();
  /** Nodes are listened to from when somebody wants hints. */
  let watchNodes: (() => void) | undefined;

  return {
    name: 'endpointslice',
    watches: [...members.watches, forMapped('EndpointSlice', (event) => writer.observe(event))],
    start(follow) {
      watchNodes = () => {
        watchNodes = undefined;
        follow(forMapped('Node', hints.nowOverloaded));
      };
    },
    reconcile(request) {
      const service = client.find('Service', request);
      if (!service) forget(keyText(request));
      if (!service || !hasSelector(service) || writer.pending(request)) return;
      try {
        syncAll(service, request);
        failures.delete(keyText(request));
      } catch (error) {
        if (!(error instanceof SliceWriteError || error instanceof MissingNode)) throw error;
        return retry(service, error);
      }
    },
  };

  function forget(service: string): void {
    failures.delete(service);
    triggerTimes.forget(service);
    hints.forget(service);
  }

  /** Slices are many writes: this controller waits longer than others before it tries again. */
  function retry(service: Service, { message }: Error): { requeueAfter: number } {
    const key = keyText(service.metadata);
    client.event(service, 'Warning', 'FailedToUpdateEndpointSlices', `Error updating Endpoint Slices for Service ${key}: ${message}`);
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    return { requeueAfter: Math.min(firstRetry * 2 ** before, version.has('endpointslice-retry-1000s') ? 1_000_000 : 100_000) };
  }

  function syncAll(service: Service, request: Key): void {
    const triggered = triggerTimes.next(service, members.of(service.metadata));
    const existing = writer.slicesOf(request);
    const types = addressTypes(service);
    const missing: MissingNode[] = [];
    for (const type of types) missing.push(...sync(service, { existing: existing.filter(({ addressType }) => addressType === type), type, triggered }));
    const unsupported = existing.filter(({ addressType }) => !types.includes(addressType as AddressType));
    if (unsupported.length > 0) writer.apply(service, { addressType: 'IPv4', labels: {} }, { create: [], update: [], remove: unsupported });
    if (missing.length > 0) throw new MissingNode(aggregate(missing));
  }

  /** Gives what kept it from taking all pods in. */
  function sync(service: Service, { existing, type, triggered }: { existing: EndpointSlice[]; type: AddressType; triggered: string | undefined }): MissingNode[] {
    const { groups: desired, missing } = sliceMembers.desired(service, members.of(service.metadata), type);
    const withHints = wantsHints(service, version);
    const annotate = (annotations?: Record<string, string>) => withTriggerTime(annotations, triggered);
    const mayKeepEmpty = ({ metadata }: EndpointSlice) => version.has('endpointslice-placeholder-kept') || equal(metadata.annotations ?? {}, annotate());
    let changes = planSlices(service, existing, desired, { maxEndpointsPerSlice, withHints, mayKeepEmpty });
    if (withHints) {
      watchNodes?.();
      changes = hints.give(service, type, changes, existing.filter((slice) => belongsTo(slice, service)));
    } else hints.withdraw(service, type);
    writer.apply(service, { addressType: type, labels: labelsOf(service), annotate }, changes);
    return missing;
  }
}

/** As Go prints several errors. */
function aggregate(errors: readonly Error[]): string {
  const messages = [...new Set(errors.map(({ message }) => message))];
  return messages.length === 1 ? messages[0]! : `[${messages.join(', ')}]`;
}

/** Without families (before dual stack) a headless service may have both. */
function addressTypes({ spec }: Service): AddressType[] {
  if (spec.ipFamilies?.length) return spec.ipFamilies as AddressType[];
  if (spec.clusterIP && spec.clusterIP !== 'None') return [spec.clusterIP.includes(':') ? 'IPv6' : 'IPv4'];
  return ['IPv4', 'IPv6'];
}
