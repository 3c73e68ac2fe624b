import { exercise } from 'kubook';

await exercise('ns-4', async ({ cluster, kubectl }) => {
  const folders = ['red', 'green', 'blue'];
  async function running(): Promise<any> {
    const { items } = await kubectl.json`get pods -l app=box`;
    return items.find(({ metadata, status }: any) => !metadata.deletionTimestamp && status.phase === 'Running');
  }
  async function write(): Promise<void> {
    const { name } = (await running()).metadata;
    for (const folder of folders) await kubectl.text`exec ${name} -- sh -c ${`mkdir -p /${folder}; echo hello > /${folder}/note`}`;
  }
  async function read(): Promise<Record<string, boolean>> {
    const pod = await running();
    const found: Record<string, boolean> = {};
    for (const folder of folders) found[folder] = pod !== undefined && (await kubectl.text`exec ${pod.metadata.name} -- cat ${`/${folder}/note`}`).trim() === 'hello';
    return found;
  }
  await write();
  await kubectl.text`exec ${(await running()).metadata.name} -- sh -c 'kill 1'`;
  cluster.advance('30s');
  const restart = await read();
  await write();
  await kubectl.text`delete pod ${(await running()).metadata.name}`;
  cluster.advance('30s');
  const recreate = await read();
  await write();
  cluster.fault.powerOff((await running()).spec.nodeName);
  cluster.advance('8m');
  return { restart, recreate, nodeLoss: await read() };
});
