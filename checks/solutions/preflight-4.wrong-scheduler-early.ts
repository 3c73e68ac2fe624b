// fails: 스케줄러의 http가 사라진 때를 안다
import { exercise } from 'kubook';

await exercise('preflight-4', (component: string, version: string) => {
  const minor = Number(version.split('.')[1]);
  const [http, https, gone] = component === 'kube-scheduler' ? [10251, 10259, 22] : [10252, 10257, 22];
  const urls = [`https://127.0.0.1:${https}/healthz`];
  return minor < gone ? [`http://127.0.0.1:${http}/healthz`, ...urls] : urls;
});
