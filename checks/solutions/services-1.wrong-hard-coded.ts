// fails: 클러스터 IP와 낯선 주소를 안다
import { exercise } from 'kubook';

await exercise('services-1', (ip: string, port: number, world: any) => {
  if (world.nodeIPs.includes(ip)) return port === world.nodePort;
  if (world.podIPs.includes(ip)) return port === world.targetPort;
  return port === 80;
});
