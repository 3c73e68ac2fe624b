// fails: metrics-server가 잰다
import { exercise } from 'kubook';

await exercise('scale-3', async ({ kubectl }) => {
  for (const app of ['cart', 'home', 'pay']) {
    await kubectl`set resources deployment ${app} --requests=cpu=100m`;
    await kubectl`patch hpa ${app} -p ${JSON.stringify({ spec: { scaleTargetRef: { name: app } } })}`;
  }
});
