// fails: 대문자와 소문자를 가리지 않는다
import { exercise } from 'kubook';

await exercise('preflight-2', (machines: any[]) => {
  const twins = (field: string) =>
    machines.filter((one) => machines.some((other) => other !== one && other[field] === one[field])).map(({ name }) => name).sort();
  return { hostname: twins('hostname'), mac: twins('mac'), productUuid: twins('productUuid') };
});
