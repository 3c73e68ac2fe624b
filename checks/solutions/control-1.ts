import { exercise } from 'kubook';

await exercise('control-1', (refusal: { method: string; path: string; code: number; reason: string; message: string }) => {
  const { method, code, message } = refusal;
  if (code === 401) return 'authn';
  if (code === 403) return /User ".*" cannot /.test(message) ? 'authz' : 'admission';
  if (code === 422) return 'validation';
  return method === 'POST' && code === 404 ? 'admission' : 'storage';
});
