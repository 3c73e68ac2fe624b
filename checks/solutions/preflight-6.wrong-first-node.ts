// fails: 주소가 바란 대로다
import { exercise } from 'kubook';

await exercise('preflight-6', (text: string, { address, gateway }: any) => {
  void address;
  const pad = ' '.repeat(16);
  return text.replace(/ *gateway4: .*\n/, `${pad}routes:\n${pad}- to: default\n${pad}  via: ${gateway}\n`);
});
