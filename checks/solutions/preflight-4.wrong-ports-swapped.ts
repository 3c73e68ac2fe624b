// fails: 노트의 시절에는 둘 다 답한다
import { exercise } from 'kubook';

await exercise('preflight-4', (component: string, version: string) => {
  const minor = Number(version.split('.')[1]);
  const [http, https, gone] = component === 'kube-scheduler' ? [10251, 10257, 23] : [10252, 10259, 22];
  const urls = [`https://127.0.0.1:${https}/healthz`];
  return minor < gone ? [`http://127.0.0.1:${http}/healthz`, ...urls] : urls;
});
