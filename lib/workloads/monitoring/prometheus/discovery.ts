// kubernetes_sd_configs: which targets the cluster has, with what it knows of each as __meta_kubernetes_… (discovery/kubernetes).
import type { ApiClient } from '../../programs/metrics-server/api-client.ts';
import type { Discovery } from './config.ts';
import type { Labels } from './labels.ts';

type Json = Record<string, any>;

/** What the API server has of a kind, in the namespaces that are asked for. Throws Refused. */
export function discover(api: ApiClient, discovery: Discovery, ownNamespace: string): Labels[] {
  const { role, namespaces, ownNamespace: own } = discovery;
  const spaces = own ? [ownNamespace, ...namespaces] : namespaces;
  const list = (resource: string, kind: string): Json[] => {
    const query = selection(discovery, kind);
    const paths = resource === 'nodes' || spaces.length === 0 ? [`/api/v1/${resource}${query}`] : spaces.map((space) => `/api/v1/namespaces/${space}/${resource}${query}`);
    return paths.flatMap((path) => (api.get(path)['items'] as Json[] | undefined) ?? []);
  };
  if (role === 'node') return list('nodes', 'node').map(nodeTarget);
  if (role === 'pod') return list('pods', 'pod').flatMap(podTargets);
  if (role === 'service') return list('services', 'service').flatMap(serviceTargets);
  const [services, pods] = [list('services', 'service'), list('pods', 'pod')];
  return list('endpoints', 'endpoints').flatMap((one) => endpointTargets(one, services, pods));
}

function selection({ selectors }: Discovery, kind: string): string {
  const found = selectors.find(({ role }) => role === kind);
  const parts = found ? [...(found.label ? [`labelSelector=${encodeURIComponent(found.label)}`] : []), ...(found.field ? [`fieldSelector=${encodeURIComponent(found.field)}`] : [])] : [];
  return parts.length > 0 ? `?${parts.join('&')}` : '';
}

const labelName = (text: string) => text.replace(/[^a-zA-Z0-9_]/g, '_');

/** Labels and annotations of an object, and that they are there. */
function marks(kind: string, { labels = {}, annotations = {} }: Json): Labels {
  const all = (what: string, given: Record<string, string>) => Object.entries(given).flatMap(([name, value]) => [[`__meta_kubernetes_${kind}_${what}_${labelName(name)}`, value], [`__meta_kubernetes_${kind}_${what}present_${labelName(name)}`, 'true']]);
  return Object.fromEntries([...all('label', labels), ...all('annotation', annotations)]);
}

const addressOrder = ['InternalIP', 'InternalDNS', 'ExternalIP', 'ExternalDNS', 'LegacyHostIP', 'Hostname'];

function nodeTarget({ metadata, spec = {}, status = {} }: Json): Labels {
  const addresses: { type: string; address: string }[] = status.addresses ?? [];
  const address = addressOrder.flatMap((type) => addresses.filter((one) => one.type === type))[0]?.address ?? '';
  const seen = Object.fromEntries([...addresses].reverse().map((one) => [`__meta_kubernetes_node_address_${one.type}`, one.address]));
  return { __address__: joined(address, status.daemonEndpoints?.kubeletEndpoint?.Port ?? 10_250), instance: metadata.name, __meta_kubernetes_node_name: metadata.name, __meta_kubernetes_node_provider_id: spec.providerID ?? '', ...marks('node', metadata), ...seen };
}

const joined = (host: string, port: number | string) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

function podLabels({ metadata, spec = {}, status = {} }: Json): Labels {
  const owner = (metadata.ownerReferences ?? []).find((one: Json) => one.controller);
  const ready = (status.conditions ?? []).find((one: Json) => one.type === 'Ready')?.status ?? 'unknown';
  return {
    __meta_kubernetes_namespace: metadata.namespace,
    __meta_kubernetes_pod_name: metadata.name,
    __meta_kubernetes_pod_ip: status.podIP ?? '',
    __meta_kubernetes_pod_ready: ready.toLowerCase(),
    __meta_kubernetes_pod_phase: status.phase ?? '',
    __meta_kubernetes_pod_node_name: spec.nodeName ?? '',
    __meta_kubernetes_pod_host_ip: status.hostIP ?? '',
    __meta_kubernetes_pod_uid: metadata.uid,
    ...(owner && { __meta_kubernetes_pod_controller_kind: owner.kind, __meta_kubernetes_pod_controller_name: owner.name }),
    ...marks('pod', metadata),
  };
}

/** A target for each port of each container; a container without ports has its address alone. */
function podTargets(pod: Json): Labels[] {
  const { spec, status = {} } = pod;
  // Without an address there is nobody to ask yet.
  if (!status.podIP) return [];
  const all = [...(spec.initContainers ?? []).map((one: Json) => ({ one, init: true })), ...(spec.containers ?? []).map((one: Json) => ({ one, init: false }))];
  return all.flatMap(({ one, init }: { one: Json; init: boolean }) => {
    const id = (status.containerStatuses ?? []).find((each: Json) => each.name === one.name)?.containerID ?? '';
    const base = { ...podLabels(pod), __meta_kubernetes_pod_container_name: one['name'], __meta_kubernetes_pod_container_image: one['image'], __meta_kubernetes_pod_container_init: String(init), ...(id && { __meta_kubernetes_pod_container_id: id }) };
    const ports: Json[] = one['ports'] ?? [];
    if (ports.length === 0) return [{ ...base, __address__: status.podIP }];
    return ports.map((port) => ({ ...base, __address__: joined(status.podIP, port['containerPort']), ...portLabels(port) }));
  });
}

const portLabels = (port: Json): Labels => ({ __meta_kubernetes_pod_container_port_name: port['name'] ?? '', __meta_kubernetes_pod_container_port_number: String(port['containerPort']), __meta_kubernetes_pod_container_port_protocol: port['protocol'] ?? 'TCP' });
const serviceLabels = ({ metadata }: Json): Labels => ({ __meta_kubernetes_service_name: metadata.name, ...marks('service', metadata) });

function serviceTargets(service: Json): Labels[] {
  const { metadata, spec } = service;
  const own: Labels = { __meta_kubernetes_namespace: metadata.namespace, ...serviceLabels(service), __meta_kubernetes_service_type: spec.type ?? '', ...(spec.type === 'ExternalName' ? { __meta_kubernetes_service_external_name: spec.externalName } : { __meta_kubernetes_service_cluster_ip: spec.clusterIP ?? '' }) };
  return (spec.ports ?? []).map((port: Json) => ({ ...own, __address__: joined(`${metadata.name}.${metadata.namespace}.svc`, port['port']), __meta_kubernetes_service_port_name: port['name'] ?? '', __meta_kubernetes_service_port_number: String(port['port']), __meta_kubernetes_service_port_protocol: port['protocol'] ?? 'TCP' }));
}

function endpointTargets({ metadata, subsets = [] }: Json, services: readonly Json[], pods: readonly Json[]): Labels[] {
  const service = services.find((one) => one['metadata'].name === metadata.name && one['metadata'].namespace === metadata.namespace);
  const own: Labels = { __meta_kubernetes_namespace: metadata.namespace, __meta_kubernetes_endpoints_name: metadata.name, ...marks('endpoints', metadata), ...(service && serviceLabels(service)) };
  return (subsets as Json[]).flatMap((subset) => {
    const addresses = [...(subset['addresses'] ?? []).map((one: Json) => ({ one, ready: 'true' })), ...(subset['notReadyAddresses'] ?? []).map((one: Json) => ({ one, ready: 'false' }))];
    return addresses.flatMap(({ one, ready }: { one: Json; ready: string }) =>
      (subset['ports'] ?? []).map((port: Json) => {
        const pod = one['targetRef']?.kind === 'Pod' ? pods.find((each) => each['metadata'].name === one['targetRef'].name && each['metadata'].namespace === one['targetRef'].namespace) : undefined;
        const container = pod?.['spec'].containers.find((each: Json) => (each['ports'] ?? []).some((each: Json) => each['containerPort'] === port['port']));
        const containerPort = container?.ports.find((each: Json) => each['containerPort'] === port['port']);
        return {
          ...own,
          __address__: joined(one['ip'], port['port']),
          __meta_kubernetes_endpoint_port_name: port['name'] ?? '',
          __meta_kubernetes_endpoint_port_protocol: port['protocol'] ?? 'TCP',
          __meta_kubernetes_endpoint_ready: ready,
          ...(one['targetRef'] && { __meta_kubernetes_endpoint_address_target_kind: one['targetRef'].kind, __meta_kubernetes_endpoint_address_target_name: one['targetRef'].name }),
          ...(one['nodeName'] && { __meta_kubernetes_endpoint_node_name: one['nodeName'] }),
          ...(one['hostname'] && { __meta_kubernetes_endpoint_hostname: one['hostname'] }),
          ...(pod && podLabels(pod)),
          ...(container && { __meta_kubernetes_pod_container_name: container.name, __meta_kubernetes_pod_container_image: container.image, ...portLabels(containerPort) }),
        };
      }),
    );
  });
}
