// fails: 어드미션에서 막힌 요청을 알아본다
import { exercise } from 'kubook';

await exercise('control-1', ({ code }: { code: number }) => {
  return ({ 401: 'authn', 403: 'authz', 404: 'storage', 409: 'storage', 422: 'validation' } as Record<number, string>)[code];
});
