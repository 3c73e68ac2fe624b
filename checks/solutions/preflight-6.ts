import { exercise } from 'kubook';

type Wish = { address: string; gateway: string; nameservers: string[] };

await exercise('preflight-6', (text: string, { address, gateway }: Wish) => {
  const pad = ' '.repeat(16);
  return text
    .replace(/- \d+\.\d+\.\d+\.\d+\/24/, `- ${address}`)
    .replace(/ *gateway4: .*\n/, `${pad}routes:\n${pad}- to: default\n${pad}  via: ${gateway}\n`);
});
