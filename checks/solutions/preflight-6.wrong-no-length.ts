// fails: 주소가 바란 대로다
import { exercise } from 'kubook';

await exercise('preflight-6', (text: string, { address, gateway }: any) => {
  const bare = address.split('/')[0];
  return `network:\n  version: 2\n  ethernets:\n    eth0:\n      addresses: [${bare}]\n      routes: [{ to: default, via: ${gateway} }]\n      nameservers: { addresses: [168.126.63.1, 168.126.63.2] }\n` + (text ? '' : ' ');
});
