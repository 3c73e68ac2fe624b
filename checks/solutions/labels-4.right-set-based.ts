import { exercise } from 'kubook';

await exercise('labels-4', async ({ kubectl }) => {
  await kubectl`delete po --selector 'track in (canary), app=shop' --wait=false`;
});
