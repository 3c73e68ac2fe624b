import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  await kubectl`delete pods -l app=shop,track=canary`;
});
