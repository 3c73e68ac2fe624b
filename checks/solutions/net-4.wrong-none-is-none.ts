// fails: 헤드리스는 파드의 주소를 모두 준다
import { exercise } from 'kubook';

// Answers with the word None.
interface Service {
  namespace: string;
  name: string;
  clusterIP: string;
  endpoints: string[];
}

await exercise('net-4', (name: string, namespace: string, services: Service[]) => {
  const search = [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local'];
  const below = search.map((domain) => `${name}.${domain}`);
  const dots = name.split('.').length - 1;
  const candidates = name.endsWith('.') ? [name.slice(0, -1)] : dots >= 5 ? [name, ...below] : [...below, name];
  const asked: string[] = [];
  for (const candidate of candidates) {
    asked.push(candidate);
    const service = services.find((one) => `${one.name}.${one.namespace}.svc.cluster.local` === candidate);
    if (!service) continue;
    const addresses = [service.clusterIP];
    if (addresses.length > 0) return { asked, addresses };
  }
  return { asked, addresses: [] };
});
