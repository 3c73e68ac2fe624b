// fails: limit만큼만 주고, 남았으면 다음 자리를 알려 준다
import { exercise } from 'kubook';

await exercise('control-3', (keys: string[], prefix: string) => {
  return { keys: keys.filter((key) => key.startsWith(prefix)).sort(), next: '' };
});
