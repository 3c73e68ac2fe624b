// fails: 디플로이먼트의 파드 이름을 나눈다
import { exercise } from 'kubook';

await exercise('pods-3', (name: string) => {
  const [deployment, hash, suffix, ...rest] = name.split('-');
  return suffix && rest.length === 0 ? { deployment, hash, suffix } : null;
});
