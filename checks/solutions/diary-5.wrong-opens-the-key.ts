// fails: 열쇠는 저마다 혼자만 읽는다
import { exercise } from 'kubook';

await exercise('diary-5', async ({ cluster }) => {
  const causes: Record<string, string> = {};
  for (const name of ['byeon', 'lab', 'vagrant']) {
    const person = cluster.machine('control-plane').login(name);
    const usesSudo = person.text`cat tried`.startsWith('sudo');
    const config = person.run('test -e .kube/config').code === 0;
    const filled = person.run('test -s .kube/config').code === 0;
    causes[name] = !config ? 'no-file' : !filled ? 'empty-file' : 'sudo';
    if (!filled) {
      await person`mkdir -p $HOME/.kube`;
      await person`sudo chmod 644 /etc/kubernetes/admin.conf`;
      await person`sudo cp -i /etc/kubernetes/admin.conf $HOME/.kube/config`;
      await person`sudo chown $(id -u):$(id -g) $HOME/.kube/config; chmod 600 $HOME/.kube/config`;
    }
    if (usesSudo) await person`sudo mkdir -p /root/.kube && sudo cp /etc/kubernetes/admin.conf /root/.kube/config`;
  }
  return causes;
});
