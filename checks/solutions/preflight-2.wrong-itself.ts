// fails: 쌍둥이가 없으면 빈 목록이다
import { exercise } from 'kubook';

await exercise('preflight-2', (machines: any[]) => {
  const twins = (field: string) =>
    machines.filter((one) => machines.some((other) => other[field].toLowerCase() === one[field].toLowerCase())).map(({ name }) => name).sort();
  return { hostname: twins('hostname'), mac: twins('mac'), productUuid: twins('productUuid') };
});
