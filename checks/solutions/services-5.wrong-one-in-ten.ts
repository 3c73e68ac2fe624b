// fails: 요청의 10%가 새 버전으로 간다
import { exercise } from 'kubook';

await exercise('services-5', async ({ kubectl }) => {
  await kubectl`scale deployment shop-v1 --replicas=5`;
  await kubectl`scale deployment shop-v2 --replicas=1`;
});
