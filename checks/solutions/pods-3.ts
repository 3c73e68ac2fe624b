import { exercise } from 'kubook';

await exercise('pods-3', (name: string) => {
  const [, deployment, hash, suffix] = /^([a-z0-9.-]*[a-z0-9])-([bcdfghjklmnpqrstvwxz2456789]{1,10})-([bcdfghjklmnpqrstvwxz2456789]{5})$/.exec(name) ?? [];
  return deployment ? { deployment, hash, suffix } : null;
});
