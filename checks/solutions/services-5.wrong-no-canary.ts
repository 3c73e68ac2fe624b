// fails: 두 버전이 모두 돌고 있다
import { exercise } from 'kubook';

await exercise('services-5', async ({ kubectl }) => {
  await kubectl`scale deployment shop-v1 --replicas=10`;
  await kubectl`scale deployment shop-v2 --replicas=0`;
});
