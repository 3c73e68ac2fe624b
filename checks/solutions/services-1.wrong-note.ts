// fails: 노드의 주소를 안다
import { exercise } from 'kubook';

await exercise('services-1', (ip: string, port: number, world: any) => {
  if (world.nodeIPs.includes(ip) || world.podIPs.includes(ip)) return port === world.targetPort;
  return ip === world.clusterIP && port === world.port;
});
