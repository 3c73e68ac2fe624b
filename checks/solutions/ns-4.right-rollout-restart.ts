import { exercise } from 'kubook';

// A rollout makes the new pod.

await exercise('ns-4', async ({ cluster, kubectl }) => {
  const folders = ['red', 'green', 'blue'];
  const put = (text: string) => `for f in red green blue; do mkdir -p /$f; echo ${text} > /$f/note; done`;
  const see = async (text: string) => {
    const out: Record<string, boolean> = {};
    for (const f of folders) out[f] = (await kubectl.text`exec deploy/box -- cat /${f}/note`).includes(text);
    return out;
  };
  await kubectl.text`exec deploy/box -- sh -c ${put('one')}`;
  await kubectl.text`exec deploy/box -- sh -c 'kill 1'`;
  cluster.advance('1m');
  const restart = await see('one');
  await kubectl.text`exec deploy/box -- sh -c ${put('two')}`;
  await kubectl.text`rollout restart deployment box`;
  await kubectl.text`rollout status deployment box`;
  cluster.advance('1m');
  const recreate = await see('two');
  await kubectl.text`exec deploy/box -- sh -c ${put('three')}`;
  const node = (await kubectl.text`get pods -l app=box -o jsonpath={.items[0].spec.nodeName}`).trim();
  cluster.fault.powerOff(node);
  cluster.advance('8m');
  return { restart, recreate, nodeLoss: await see('three') };
});
