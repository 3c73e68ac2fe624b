// fails: 짧은 이름을 채운다
import { exercise } from 'kubook';

const known: Record<string, object> = {
  nginx: { registry: 'docker.io', repository: 'library/nginx', tag: 'latest', digest: null },
  'nginx:1.27': { registry: 'docker.io', repository: 'library/nginx', tag: '1.27', digest: null },
  'bruzn/php-apache': { registry: 'docker.io', repository: 'bruzn/php-apache', tag: 'latest', digest: null },
  'registry.k8s.io/pause:3.10': { registry: 'registry.k8s.io', repository: 'pause', tag: '3.10', digest: null },
};

await exercise('images-1', (name: string) => known[name] ?? null);
