// fails: 나머지 파드는 그대로다
import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  await kubectl`delete pods -l track=canary`;
});
