// Accounts of a machine: who somebody is, and what goes along when he becomes somebody else.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCluster, createHost } from '../../lib/index.ts';

const test = suite('users');

function desk(options: Parameters<typeof createHost>[0] = {}) {
  const { machine } = createHost(options);
  const run = (line: string, user?: string): [number, string] => {
    const { code, printed } = (user ? machine.login(user) : machine.sh).run(line);
    return [code, printed];
  };
  assert.equal(run('useradd -m -s /bin/bash -G sudo byeon && useradd guest'), [0, '']);
  return { machine, run };
}

test('an account has a number, groups and a home of its own', () => {
  const { run } = desk();
  assert.equal(run('id byeon; id -u guest; id nobody-here'), [1, 'uid=1000(byeon) gid=1000(byeon) groups=1000(byeon),27(sudo)\n1001\nid: unknown user nobody-here\n']);
  assert.equal(run('whoami; pwd; echo $HOME; id -Gn', 'byeon'), [0, 'byeon\n/home/byeon\n/home/byeon\nbyeon sudo\n']);
  assert.equal(run('pwd; ls /home/byeon', 'guest'), [1, "/\nls: /home/byeon: Permission denied\n"]);
  assert.equal(run('useradd byeon'), [9, "useradd: user 'byeon' already exists\n"]);
  assert.equal(run('useradd -G nope x; usermod -aG sudo nope; useradd 1x'), [3, "useradd: group 'nope' does not exist\nusermod: user 'nope' does not exist\nuseradd: invalid user name '1x': use --badname to ignore\n"]);
  assert.equal(run('useradd more', 'byeon'), [1, 'useradd: Permission denied.\nuseradd: cannot lock /etc/passwd; try again later.\n']);
});

test('who may not read a file is told so, and root may', () => {
  const { run } = desk();
  run('mkdir -p /etc/kubernetes && echo secret > /etc/kubernetes/admin.conf && chmod 600 /etc/kubernetes/admin.conf');
  assert.equal(run('cat /etc/kubernetes/admin.conf', 'byeon'), [1, "cat: can't open '/etc/kubernetes/admin.conf': Permission denied\n"]);
  assert.equal(run('sudo cat /etc/kubernetes/admin.conf', 'byeon'), [0, 'secret\n']);
  assert.equal(run('sudo cp /etc/kubernetes/admin.conf mine; stat -c %U mine; cat mine', 'byeon'), [1, "root\ncat: can't open 'mine': Permission denied\n"]);
  assert.equal(run('sudo chown $(id -u):$(id -g) mine && cat mine', 'byeon'), [0, 'secret\n']);
  assert.equal(run('test -r /etc/kubernetes/admin.conf; echo $?; sudo test -r /etc/kubernetes/admin.conf; echo $?; test -w mine; echo $?; test -w /etc/passwd; echo $?', 'byeon'), [0, '1\n0\n0\n1\n']);
  // The shell opens the file before sudo begins.
  assert.equal(run('sudo echo x > /etc/kubernetes/new', 'byeon')[0], 1);
});

test('sudo: HOME, the environment, and who may not', () => {
  const { run } = desk();
  const home = 'sh -c \'echo "$HOME $KUBECONFIG"\'';
  assert.equal(run(`export KUBECONFIG=/k; sudo ${home}; sudo -E ${home}; sudo KUBECONFIG=/x ${home}; sudo -u guest ${home}; sudo -i ${home}`, 'byeon'), [0, '/root \n/home/byeon /k\n/root /x\n/home/guest \n/root \n']);
  assert.equal(run('sudo id -un; sudo -u byeon id -un; sudo pwd', 'byeon'), [0, 'root\nbyeon\n/home/byeon\n']);
  assert.equal(run('sudo id', 'guest'), [1, 'guest is not in the sudoers file.\n']);
  assert.equal(run('sudo cd /root; sudo -u nope id', 'byeon'), [1, 'sudo: cd: command not found\nsudo: unknown user nope\n']);
  assert.equal(run('su - byeon -c "whoami; pwd"; su nope -c id'), [1, 'byeon\n/home/byeon\nsu: user nope does not exist or the user entry does not contain all the required fields\n']);
});

test('Ubuntu 20.04 and older say more of it', () => {
  const { run } = desk({ os: 'ubuntu-20.04' });
  assert.equal(run('sudo id', 'guest'), [1, 'guest is not in the sudoers file.  This incident will be reported.\n']);
});

test('nobody logs in who has no account', () => {
  const cluster = createCluster({ nodes: 0, kubelets: false });
  assert.throws(() => cluster.machine('control-plane').login('byeon').run('id'), /계정 'byeon'이 없다/);
});

test.run();
