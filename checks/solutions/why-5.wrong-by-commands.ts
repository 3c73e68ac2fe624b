// fails: 매니페스트의 뜻은 그대로다
import { exercise } from 'kubook';

await exercise('why-5', async ({ cluster, kubectl }) => {
  const text = cluster.files.get('web.yaml') ?? '';
  const name = /name: (web-\S+)/.exec(text)![1];
  const memo = /memo: \|\n +(.*)/.exec(text)![1];
  const replicas = /replicas: (\d)/.exec(text)![1];
  await kubectl`create deployment ${name} --image=nginx --replicas=${replicas}`;
  await kubectl`expose deployment ${name} --port=8080`;
  await kubectl`create configmap ${name} --from-literal=${'memo=' + memo + '\n'}`;
});
