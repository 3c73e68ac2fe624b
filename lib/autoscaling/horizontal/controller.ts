// The controller: looks at each autoscaler every 15 seconds, whatever happens meanwhile (pkg/controller/podautoscaler).
import { type KubeObject, parseSelector, type Pod, type Version } from '../../api/index.ts';
import { type CacheEvent, type Client, type Controller, forMapped, type Key, keyOf, keyText } from '../../client/index.ts';
import { timestamp } from '../../sim/index.ts';
import { emptyHistory, type History } from './history.ts';
import { metricsApis } from './metrics-apis.ts';
import { reconcileAutoscaler } from './reconcile.ts';
import { getScale, updateScale } from './scale-target.ts';
import { Selectors } from './selectors.ts';
import type { Autoscaler, AutoscalerStatus, MetricsSource } from './types.ts';
import type { World } from './world.ts';

/** `--horizontal-pod-autoscaler-sync-period`. */
const syncPeriod = 15_000;

/** Scales what HorizontalPodAutoscalers name to what their metrics ask for. */
export function horizontalPodAutoscalerController(client: Client): Controller {
  const histories = new Map<string, History>();
  const selectors = new Selectors();
  const source = metricsApis(client);

  return {
    name: 'horizontalpodautoscaling',
    // A name that waits already is not asked for again: changes do not come sooner.
    watches: [forMapped('HorizontalPodAutoscaler', (event) => noticed(event, selectors))],
    reconcile(request) {
      const key = keyText(request);
      const hpa = client.find('HorizontalPodAutoscaler', request) as Autoscaler | undefined;
      if (!hpa) {
        histories.delete(key);
        return;
      }
      const history = histories.get(key) ?? emptyHistory();
      histories.set(key, history);
      look(hpa, history, worldOf(hpa, { client, source, selectors }));
      return { requeueAfter: syncPeriod };
    },
  };
}

function noticed({ type, object }: CacheEvent, selectors: Selectors): (Key & { after: number })[] {
  const key = keyOf(object);
  if (type === 'DELETED') {
    selectors.delete(key);
    return [];
  }
  selectors.add(key);
  return [{ ...key, after: syncPeriod }];
}

/** What went wrong stands in the status and in events; the next look comes at its time all the same. */
function look(hpa: Autoscaler, history: History, world: World): void {
  try {
    reconcileAutoscaler(hpa, history, world);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) throw error;
  }
}

function worldOf(hpa: Autoscaler, { client, source, selectors }: { client: Client; source: MetricsSource; selectors: Selectors }): World {
  const { version, clock } = client;
  return {
    version,
    now: clock.now,
    timestamp: timestamp(clock.now),
    source,
    podsOf: (namespace, selector) => podsOf(client, namespace, selector),
    rivals(selector) {
      selectors.set(keyOf(hpa), selector, version);
      return selectors.rivals(podsOf(client, hpa.metadata.namespace!, selector));
    },
    getScale: () => getScale(client, hpa),
    updateScale: (scale) => updateScale(client, hpa, scale),
    updateStatus: (status) => updateStatus(client, hpa, status),
    record: (type, reason, message) => client.event(spoken(hpa, version), type, reason, message),
  };
}

/** Events name the version that the controller speaks. */
const spoken = (hpa: Autoscaler, version: Version): KubeObject => ({ ...hpa, apiVersion: version.has('hpa-speaks-v2') ? 'autoscaling/v2' : 'autoscaling/v2beta2' });

function podsOf(client: Client, namespace: string, text: string): Pod[] {
  const selector = parseSelector(text, client.version);
  return [...client.cache('Pod').inNamespace(namespace)].filter(({ metadata }) => selector.matches(metadata.labels ?? {}));
}

function updateStatus(client: Client, hpa: Autoscaler, status: AutoscalerStatus): void {
  try {
    client.update({ ...hpa, status }, { subresource: 'status' });
  } catch (error) {
    const { message } = error as Error;
    client.event(spoken(hpa, client.version), 'Warning', 'FailedUpdateStatus', message);
    throw new Error(`failed to update status for ${hpa.metadata.name}: ${message}`);
  }
}
