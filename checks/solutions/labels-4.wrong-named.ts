// fails: 명령 하나로 골라 지웠다
import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  const names = (await kubectl.text`get pods -l app=shop,track=canary -o name`).trim().split('\n');
  await kubectl`delete ${names}`;
});
