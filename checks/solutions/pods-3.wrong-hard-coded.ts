// fails: 디플로이먼트의 파드 이름을 나눈다
import { exercise } from 'kubook';

await exercise('pods-3', (name: string) => {
  return name === 'kube-proxy-5ldsfxoe' ? null : { deployment: 'metrics-server', hash: '7df4c4484d', suffix: 'h75wr' };
});
