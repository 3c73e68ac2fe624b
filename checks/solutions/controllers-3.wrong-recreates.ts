// fails: 새 이미지로 모두 바뀌었다
import { exercise } from 'kubook';

await exercise('controllers-3', async ({ kubectl }) => {
  await kubectl`patch deployment web -p ${JSON.stringify({ spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } } })}`;
  await kubectl`delete deployment web`;
  await kubectl`create deployment web --image=nginx:1.27 --replicas=5`;
  await kubectl`rollout undo deployment/api`;
  await kubectl`rollout status deployment/api`;
});
