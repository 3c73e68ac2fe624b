import { exercise } from 'kubook';

await exercise('controllers-3', async ({ kubectl }) => {
  await kubectl`patch deployment web -p ${JSON.stringify({ spec: { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } } })}`;
  await kubectl`set image deployment/web nginx=nginx:1.27`;
  await kubectl`rollout status deployment/web`;
  await kubectl`rollout undo deployment/api`;
  await kubectl`rollout status deployment/api`;
});
