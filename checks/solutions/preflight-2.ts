import { exercise } from 'kubook';

type Machine = { name: string; hostname: string; mac: string; productUuid: string };

await exercise('preflight-2', (machines: Machine[]) => {
  const twins = (field: 'hostname' | 'mac' | 'productUuid') => {
    const same = (a: Machine, b: Machine) => a[field].toLowerCase() === b[field].toLowerCase();
    return machines.filter((one) => machines.some((other) => other !== one && same(one, other))).map(({ name }) => name).sort();
  };
  return { hostname: twins('hostname'), mac: twins('mac'), productUuid: twins('productUuid') };
});
