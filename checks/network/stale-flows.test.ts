// UDP flows that a kube-proxy makes conntrack forget, by release.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ProxyEndpoint, type ProxyState, servedFlows, type ServicePort, staleConnections } from '../../lib/network/index.ts';

const port = { key: 'default/dns/UDP', service: 'default/dns', name: 'default/dns', portName: '', protocol: 'UDP', clusterIP: '10.96.1.1', port: 53, nodePort: 30_100, externalIPs: [], loadBalancerIPs: ['203.0.113.1'] } as unknown as ServicePort;
const endpoint = (ip: string, serving = true) => ({ ip, port: 53, address: `${ip}:53`, node: '', ready: serving, serving, terminating: false }) as unknown as ProxyEndpoint;
const state = (...endpoints: ProxyEndpoint[]): ProxyState => ({ ports: new Map([[port.key, port]]), endpoints: new Map(endpoints.length > 0 ? [[port.key, endpoints]] : []) });
const nothing: ProxyState = { ports: new Map(), endpoints: new Map() };

test('v1.20: a node port that is new, a Service with a first endpoint, an endpoint that went', () => {
  assert.equal(staleConnections(nothing, state(), { nodePorts: true }), ['conntrack -D -p udp --dport 30100']);
  assert.equal(staleConnections(state(), state(endpoint('10.244.1.2')), { nodePorts: true }), ['conntrack -D --orig-dst 10.96.1.1 -p udp']);
  assert.equal(staleConnections(state(endpoint('10.244.1.2')), state(endpoint('10.244.1.3')), { nodePorts: true }).slice(0, 2), ['conntrack -D -p udp --dport 30100 --dst-nat 10.244.1.2', 'conntrack -D --orig-dst 10.96.1.1 --dst-nat 10.244.1.2 -p udp']);
});

test('v1.21 to v1.31: the node port waits for the first endpoint', () => {
  const options = { nodePorts: true, activeNodePorts: true };
  assert.equal(staleConnections(nothing, state(), options), []);
  assert.equal(staleConnections(state(), state(endpoint('10.244.1.2')), options), ['conntrack -D -p udp --dport 30100', 'conntrack -D --orig-dst 10.96.1.1 -p udp', 'conntrack -D --orig-dst 203.0.113.1 -p udp']);
});

test('since v1.32: whatever goes to no serving endpoint, as long as there is one', () => {
  assert.equal(servedFlows(state(endpoint('10.244.1.2', false))), []);
  assert.equal(
    servedFlows(state(endpoint('10.244.1.2'), endpoint('10.244.1.3', false))).map(({ origDst, dport, except }) => [origDst, dport, [...except!]]),
    [['10.96.1.1', 53, ['10.244.1.2']], ['203.0.113.1', 53, ['10.244.1.2']], [undefined, 30_100, ['10.244.1.2']]],
  );
});

test.run();
