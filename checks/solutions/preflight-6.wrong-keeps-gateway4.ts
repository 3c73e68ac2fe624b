// fails: gateway4를 쓰지 않는다
import { exercise } from 'kubook';

await exercise('preflight-6', (text: string, { address, gateway }: any) => {
  void gateway;
  return text.replace(/- \d+\.\d+\.\d+\.\d+\/24/, `- ${address}`);
});
