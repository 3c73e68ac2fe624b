// fails: 밖으로 나가는 길과 DNS가 있다
import { exercise } from 'kubook';

await exercise('preflight-6', (text: string, { address, gateway }: any) => {
  void gateway;
  return text.replace(/- \d+\.\d+\.\d+\.\d+\/24/, `- ${address}`).replace(/ *gateway4: .*\n/, '');
});
