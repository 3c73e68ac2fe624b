// fails: 준비된 파드가 넷 아래로 내려가지 않았다
import { exercise } from 'kubook';

await exercise('controllers-3', async ({ kubectl }) => {
  await kubectl`set image deployment/web nginx=nginx:1.27`;
  await kubectl`rollout status deployment/web`;
  await kubectl`rollout undo deployment/api`;
  await kubectl`rollout status deployment/api`;
});
