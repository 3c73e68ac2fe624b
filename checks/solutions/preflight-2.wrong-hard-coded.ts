// fails: 겹치는 머신을 모두 적는다
import { exercise } from 'kubook';

await exercise('preflight-2', () => ({ hostname: [], mac: [], productUuid: [] }));
