// fails: 서비스는 그대로다
import { exercise } from 'kubook';

await exercise('services-5', async ({ kubectl }) => {
  await kubectl`scale deployment shop-v1 --replicas=9`;
  await kubectl`scale deployment shop-v2 --replicas=1`;
  await kubectl`set selector service shop version=v2`;
});
