import { exercise } from 'kubook';

await exercise('services-1', (ip: string, port: number, world: any) => {
  if (world.nodeIPs.includes(ip)) return port === world.nodePort;
  if (world.podIPs.includes(ip)) return port === world.targetPort;
  return ip === world.clusterIP && port === world.port;
});
