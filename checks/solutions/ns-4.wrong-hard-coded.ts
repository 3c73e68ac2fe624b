// fails: 컨테이너가 다시 시작한 뒤를 안다
import { exercise } from 'kubook';

await exercise('ns-4', () => ({
  restart: { red: false, green: true, blue: true },
  recreate: { red: false, green: false, blue: true },
  nodeLoss: { red: false, green: false, blue: true },
}));
