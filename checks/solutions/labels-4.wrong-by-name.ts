// fails: 나머지 파드는 그대로다
import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  const names = (await kubectl.text`get pods -o name`).split('\n').filter((name) => name.includes('canary'));
  for (const name of names) await kubectl`delete ${name}`;
});
