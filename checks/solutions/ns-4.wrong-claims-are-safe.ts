// fails: 노드를 잃은 뒤를 안다
import { exercise } from 'kubook';

await exercise('ns-4', async ({ kubectl }) => {
  const { spec } = (await kubectl.json`get deployment box`).spec.template;
  const kindOf = (folder: string): string => {
    const volume = (spec.volumes ?? []).find(({ name }: any) => name === folder);
    return volume === undefined ? 'own' : volume.emptyDir ? 'emptyDir' : 'claim';
  };
  const row = (kinds: string[]) => Object.fromEntries(['red', 'green', 'blue'].map((folder) => [folder, kinds.includes(kindOf(folder))]));
  return { restart: row(['emptyDir', 'claim']), recreate: row(['claim']), nodeLoss: row(['claim']) };
});
