// fails: 겹치는 머신을 모두 적는다
import { exercise } from 'kubook';

await exercise('preflight-2', (machines: any[]) => {
  const twins = (field: string) =>
    machines.filter((one, i) => machines.slice(0, i).some((other) => other[field].toLowerCase() === one[field].toLowerCase())).map(({ name }) => name).sort();
  return { hostname: twins('hostname'), mac: twins('mac'), productUuid: twins('productUuid') };
});
