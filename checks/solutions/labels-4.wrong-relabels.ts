// fails: 레이블을 바꾸지 않았다
import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  await kubectl`label pods -l track=stable keep=yes`;
  await kubectl`label pods -l app!=shop keep=yes`;
  await kubectl`label pods -l ${'app=shop,track!=canary'} keep=yes --overwrite`;
  await kubectl`delete pods -l ${'!keep'}`;
});
