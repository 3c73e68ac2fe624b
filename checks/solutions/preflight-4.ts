import { exercise } from 'kubook';

await exercise('preflight-4', (component: string, version: string) => {
  const minor = Number(version.split('.')[1]);
  const scheduler = component === 'kube-scheduler';
  const [http, https, gone] = scheduler ? [10251, 10259, 23] : [10252, 10257, 22];
  const urls = [`https://127.0.0.1:${https}/healthz`];
  return minor < gone ? [`http://127.0.0.1:${http}/healthz`, ...urls] : urls;
});
