// fails: 주소가 바란 대로다
import { exercise } from 'kubook';

await exercise('preflight-6', (text: string, { address, gateway }: any) => {
  return text.replace(/- \d+\.\d+\.\d+\.\d+\/24/, `- ${address}`).replace(/ *gateway4: .*\n/, `\t\troutes:\n\t\t- to: default\n\t\t  via: ${gateway}\n`);
});
