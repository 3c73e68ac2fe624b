// fails: 저장소까지 가서 막힌 요청을 알아본다
import { exercise } from 'kubook';

await exercise('control-1', (refusal: { code: number; message: string }) => {
  const { code, message } = refusal;
  if (code === 401) return 'authn';
  if (code === 403) return message.includes('cannot') ? 'authz' : 'admission';
  if (code === 422) return 'validation';
  // Takes a namespace that is only read for one that is written into.
  return message.startsWith('namespaces') ? 'admission' : 'storage';
});
