// fails: 인가에서 막힌 요청을 알아본다
import { exercise } from 'kubook';

await exercise('control-1', (refusal: { path: string }) => {
  const table: Record<string, string> = {
    '/api/v1/namespaces/default/pods': 'authn',
    '/api/v1/nodes': 'authz',
    '/api/v1/namespaces/kube-system': 'admission',
    '/api/v1/namespaces/default/configmaps': 'validation',
  };
  return table[refusal.path] ?? 'storage';
});
