// Which addresses and node ports services are given (KEP-3070, KEP-3668).
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster, type Service } from '../../lib/index.ts';

function addresses(version: string, count: number): { ips: number[]; error?: string } {
  const { client } = createCluster({ nodes: 0, version, serviceCIDR: '10.96.0.0/27' });
  const ips: number[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const { spec } = client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: `web-${i}`, namespace: 'default' }, spec: { ports: [{ port: 80 }] } }) as Service;
      ips.push(Number(spec.clusterIP!.split('.')[3]));
    }
  } catch (error) {
    return { ips, error: (error as Error).message };
  }
  return { ips };
}

test('the low addresses of the range are given out last', () => {
  // A /27 keeps sixteen; the first is the API server's.
  const { ips, error } = addresses('v1.33', 40);
  assert.equal(ips.slice(0, 14).sort((a, b) => a - b), Array.from({ length: 14 }, (_, i) => 17 + i));
  assert.equal(ips.slice(14).sort((a, b) => a - b), Array.from({ length: 15 }, (_, i) => 2 + i));
  assert.match(error ?? '', 'failed to allocate a serviceIP: range is full');
  assert.ok(addresses('v1.24', 8).ips.some((ip) => ip < 17), 'v1.24 draws from the whole range');
});

test('the low node ports are given out last', () => {
  const ports = (version: string) => {
    const { client } = createCluster({ nodes: 0, version });
    const many = Array.from({ length: 2000 }, (_, i) => ({ name: `p${i}`, port: i + 1 }));
    const { spec } = client.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { type: 'NodePort', ports: many } }) as Service;
    return Math.min(...spec.ports!.map(({ nodePort }) => nodePort!));
  };
  assert.is(ports('v1.33') >= 30086, true);
  assert.is(ports('v1.27') < 30086, true);
});

test.run();
