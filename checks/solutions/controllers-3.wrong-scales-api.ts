// fails: api를 앞의 리비전으로 되돌렸다
import { exercise } from 'kubook';

await exercise('controllers-3', async ({ kubectl }) => {
  await kubectl`patch deployment web -p ${JSON.stringify({ spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } } })}`;
  await kubectl`set image deployment/web nginx=nginx:1.27`;
  await kubectl`rollout status deployment/web`;
  await kubectl`scale deployment/api --replicas=1`;
});
