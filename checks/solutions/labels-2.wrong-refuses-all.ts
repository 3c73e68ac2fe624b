// fails: 틀린 셀렉터는 오류로 거절한다
import { exercise } from 'kubook';

await exercise('labels-2', (selector: string) => {
  throw new Error(`읽을 수 없다: ${selector}`);
});
