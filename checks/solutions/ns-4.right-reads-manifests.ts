import { exercise } from 'kubook';

// Breaks nothing: what a volume is says how long it lives.

await exercise('ns-4', async ({ cluster, kubectl }) => {
  const { items: [deployment] } = await kubectl.json`get deployments`;
  const { items: [pv] } = await kubectl.json`get pv`;
  const { volumes, containers } = deployment.spec.template.spec;
  const of = (pick: (volume: any) => boolean) => Object.fromEntries(['red', 'green', 'blue'].map((folder) => {
    const mount = containers[0].volumeMounts.find((one: any) => one.mountPath === '/' + folder);
    const volume = mount && volumes.find((one: any) => one.name === mount.name);
    return [folder, volume !== undefined && pick(volume)];
  }));
  return {
    restart: of(() => true),
    recreate: of((volume) => !!volume.persistentVolumeClaim),
    nodeLoss: of((volume) => !!volume.persistentVolumeClaim && !!pv.spec.nfs),
  };
});
