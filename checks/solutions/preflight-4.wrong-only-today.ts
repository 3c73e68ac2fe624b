// fails: 노트의 시절에는 둘 다 답한다
import { exercise } from 'kubook';

await exercise('preflight-4', (component: string) => [`https://127.0.0.1:${component === 'kube-scheduler' ? 10259 : 10257}/healthz`]);
