// apt, dpkg and do-release-upgrade of a host: dependencies, conflicts, what goes along. Texts: apt 1.6 to 2.6, dpkg 1.21, launchpad
// bug 1830237, update-manager 18.04.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHost } from '../../lib/index.ts';
import { compareVersions } from '../../lib/workloads/host/packages/versions.ts';

const test = suite('packages');
const repository = "echo 'deb [arch=amd64] https://download.docker.com/linux/ubuntu bionic stable' > /etc/apt/sources.list.d/docker.list";

function desk(os: 'ubuntu-18.04' | 'ubuntu-20.04' = 'ubuntu-18.04') {
  const { machine } = createHost({ os });
  const run = (line: string): [number, string] => {
    const { code, printed } = machine.sh.run(line);
    return [code, printed.replaceAll('Reading package lists... Done\nBuilding dependency tree       \nReading state information... Done\n', '')];
  };
  const installed = () => [...run('dpkg -l')[1].matchAll(/^(i\w) +(\S+)/gm)].map(([, state, name]) => (state === 'ii' ? name : `${name} ${state}`));
  return { run, installed };
}

test("versions in Debian's order", () => {
  const ordered = ['1.0~rc1', '1.0', '1.0-1', '1.0-2', '1.0-10', '1.0a', '1.2.6-0ubuntu1~', '1.2.6-0ubuntu1', '1.3.3-0ubuntu1~18.04.2', '1.3.3-0ubuntu2', '2', '1:0.1'];
  assert.equal([...ordered].reverse().sort(compareVersions), ordered);
  assert.is(compareVersions('1.0~rc10-0ubuntu1', '1.0~rc2~') > 0, true);
});

test('docker.io needs containerd, for which containerd.io stands without a version', () => {
  const { run, installed } = desk();
  run(`${repository}; apt-get install docker-ce; apt-get remove docker-ce docker-ce-cli`);
  assert.ok(installed().includes('containerd.io'));
  const [code, said] = run('apt-get install docker.io');
  assert.is(code, 100);
  assert.match(said, /^Some packages could not be installed\. [^]*\n\nThe following packages have unmet dependencies:\n docker\.io : Depends: containerd \(>= 1\.2\.6-0ubuntu1~\)\nE: Unable to correct problems, you have held broken packages\.\n$/);
  run('apt-get remove containerd.io');
  assert.is(run('apt-get install docker.io')[0], 0);
  assert.equal(installed().filter((name) => /docker|containerd|runc|pigz/.test(name!)), ['containerd', 'docker.io', 'pigz', 'runc']);
  // Who is asked for by name drives the other out.
  assert.match(run('apt-get install docker-ce')[1], 'The following packages have unmet dependencies:\n docker-ce : Depends: containerd.io (>= 1.2.2-3) but it is not going to be installed');
});

test('docker is a tray, in 20.04 the name of one', () => {
  assert.match(desk().run('apt-cache show docker')[1], 'Description: System tray for KDE3/GNOME2 docklet applications');
  assert.match(desk('ubuntu-20.04').run('apt-get install docker')[1], /additional packages will be installed:\n {2}wmdocker\n/);
});

test('who removes the client removes the server', () => {
  const { run, installed } = desk();
  run('apt-get install docker.io && apt-get remove docker.io');
  const [, said] = run('apt purge ssh-client');
  assert.match(said, /^Note, selecting 'openssh-client' instead of 'ssh-client'\nThe following packages were automatically installed and are no longer required:\n {2}bridge-utils cgroupfs-mount containerd ncurses-term openssh-sftp-server pigz\n {2}runc ubuntu-fan\nUse 'sudo apt autoremove' to remove them\.\nThe following packages will be REMOVED:\n {2}openssh-client\* openssh-server\* ssh-import-id\*\n0 upgraded, 0 newly installed, 3 to remove/);
  run('apt autoremove');
  assert.equal(installed(), ['update-manager-core']);
  assert.match(run('apt-get install ssh')[1], /Setting up openssh-client [^]*Setting up openssh-server [^]*Setting up ssh \(/);
});

test('words that apt does not know', () => {
  const { run } = desk();
  assert.equal(run('apt -get install update-manager-core'), [100, "E: Command line option 'g' [from -get] is not understood in combination with the other options.\n"]);
  assert.equal(run('apt-get install nope'), [100, 'E: Unable to locate package nope\n']);
  assert.equal(run('apt-get install docker-ce'), [100, 'E: Unable to locate package docker-ce\n']);
  assert.equal(run('apt-get nope'), [100, 'E: Invalid operation nope\n']);
  assert.equal(run('apt-get install update-manager-core'), [0, 'update-manager-core is already the newest version (1:18.04.11.13).\n0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n']);
  assert.match(run('useradd guest; su guest -c "apt-get install docker.io"')[1], /13: Permission denied/);
});

test('dpkg fetches nothing', () => {
  const { run, installed } = desk();
  const [code, said] = run('dpkg -i docker-ce_19.03.12_amd64.deb');
  assert.is(code, 1);
  assert.match(said, /^dpkg: dependency problems prevent configuration of docker-ce:\n docker-ce depends on docker-ce-cli; however:\n {2}Package docker-ce-cli is not installed\.\n docker-ce depends on containerd\.io \(>= 1\.2\.2-3\); however:\n {2}Package containerd\.io is not installed\.\n\ndpkg: error processing package docker-ce \(--install\):\n dependency problems - leaving unconfigured\nErrors were encountered while processing:\n docker-ce\n$/m);
  assert.ok(installed().includes('docker-ce iU'));
  assert.is(run('dpkg -i containerd.io_1.2.13-2_amd64.deb docker-ce_19.03.12_amd64.deb docker-ce-cli_19.03.12_amd64.deb')[0], 0);
  assert.equal(installed().filter((name) => /docker|containerd/.test(name!)), ['containerd.io', 'docker-ce', 'docker-ce-cli']);
  assert.equal(run('dpkg -i nope.deb'), [2, "dpkg: error: cannot access archive 'nope.deb': No such file or directory\n"]);
});

test('a newer Ubuntu, by three settings', () => {
  const { run } = desk();
  const asked = (setting: string, words = '-d') => run(`echo 'Prompt=${setting}' > /etc/update-manager/release-upgrades; do-release-upgrade ${words}`)[1].split('\n')[1];
  assert.equal([run('do-release-upgrade -d')[1].split('\n')[1], asked('lts', ''), asked('normal'), asked('never')], ['There is no development version of an LTS available.', 'No new release found.', "New release '20.04' available.", 'In /etc/update-manager/release-upgrades Prompt ']);
});

test('an Ubuntu whose archive is not here keeps the small commands', () => {
  assert.match(createHost().machine.sh.run('dpkg -l').printed, 'not found');
});

test.run();
