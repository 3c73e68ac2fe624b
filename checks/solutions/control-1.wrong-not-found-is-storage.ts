// fails: 어드미션에서 막힌 요청을 알아본다
import { exercise } from 'kubook';

await exercise('control-1', (refusal: { code: number; message: string }) => {
  const { code, message } = refusal;
  if (code === 401) return 'authn';
  if (code === 403) return message.includes('cannot') ? 'authz' : 'admission';
  return code === 422 ? 'validation' : 'storage';
});
