// fails: 낡은 resourceVersion으로는 고치지 못한다
import { exercise, StatusError } from 'kubook';

await exercise('control-2', () => {
  const web = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', resourceVersion: '1' }, data: { color: 'red' } };
  return {
    create: () => structuredClone(web),
    get: (name: string) => {
      if (name !== 'web') throw new StatusError('NotFound', 404, name);
      return structuredClone(web);
    },
    list: () => ({ metadata: { resourceVersion: '1' }, items: [web] }),
    update: () => structuredClone(web),
    delete: () => web,
    watch: () => ({ read: () => [] }),
  };
});
