// What lies in an image: the usual directories, the commands of its shell, and what its server serves.
import { devices, directory, DirectoryNode, file } from '../../machine/index.ts';
import type { Image } from '../images.ts';
import { union } from '../layers.ts';
import { welcome } from '../programs/welcome.ts';
import { commandNames } from '../sh/index.ts';
import { daemonSetConfig, fluentdConfig } from '../logging/fluentd/image-config.ts';
import { group, passwd } from './users.ts';

type Tree = Parameters<typeof directory>[0];

const nginxConfig = 'server {\n    listen       80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n';

/** What the update demo's page asks each of its pods for. */
const picture = (name: string): Tree => ({ 'data.json': file(`{"image": "${name}.jpg"}\n`) });

/** What the user fluent may write. */
function fluentdFiles(config: Record<string, string>): Tree {
  const owned = (tree: Tree) => {
    const made = directory(tree);
    Object.assign(made, { uid: 999, gid: 999 });
    return made;
  };
  return { fluentd: owned({ etc: owned(Object.fromEntries(Object.entries(config).map(([name, text]) => [name, file(text)]))), log: owned({}), plugins: owned({}) }) };
}

/** Files of programs, by a part of the repository's name. */
const ofProgram: [pattern: RegExp, Tree][] = [
  [/(^|\/)nginx/, { usr: { share: { nginx: { html: { 'index.html': file(welcome), '50x.html': file('<html><body><h1>An error occurred.</h1></body></html>\n') } } } }, etc: { nginx: { 'nginx.conf': file('include /etc/nginx/conf.d/*.conf;\n'), 'conf.d': { 'default.conf': file(nginxConfig) } } } }],
  [/(^|\/)php$/, { var: { www: { html: {} } } }],
  [/(^|\/)httpd/, { usr: { local: { apache2: { conf: { 'httpd.conf': file('Listen 80\n') }, htdocs: { 'index.html': file('<html><body><h1>It works!</h1></body></html>\n') } } } } }],
  [/\/fluentd$/, fluentdFiles(fluentdConfig)],
  [/\/fluentd-kubernetes-daemonset$/, fluentdFiles(daemonSetConfig)],
  [/\/prometheus$/, { etc: { prometheus: { 'prometheus.yml': file("global:\n  scrape_interval: 15s\nscrape_configs:\n  - job_name: prometheus\n    static_configs:\n      - targets: ['localhost:9090']\n") } }, prometheus: {} }],
  [/\/nautilus$/, picture('nautilus')],
  [/\/kitten$/, picture('kitten')],
];

/** What the lowest layer of an image has. */
export function baseTree(shell: boolean, system: string): DirectoryNode {
  const tree = directory(base(shell));
  const release = releases[system];
  const etc = tree.entries.get('etc');
  if (release && etc?.kind === 'directory') etc.entries.set('os-release', file(release));
  return tree;
}

/** Differs from Kubernetes: the release does not follow the tag. */
const releases: Record<string, string> = {
  debian: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n',
  ubuntu: 'PRETTY_NAME="Ubuntu 24.04.2 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n',
  alpine: 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n',
};

function base(shell: boolean): Tree {
  const commands = Object.fromEntries((shell ? commandNames : []).map((name) => [name, file('', { mode: 0o755 })]));
  return {
    bin: commands,
    dev: devices(),
    // Where runtimes mount something, there is a place for it already.
    etc: { passwd: file(passwd), group: file(group), hostname: file(''), hosts: file(''), 'resolv.conf': file('') },
    home: {},
    lib: {},
    media: {},
    mnt: {},
    opt: {},
    proc: new DirectoryNode({ mode: 0o555 }),
    root: new DirectoryNode({ mode: 0o700 }),
    run: {},
    srv: {},
    sys: directory({ fs: { cgroup: {} } }, 0o555),
    tmp: new DirectoryNode({ mode: 0o1777 }),
    usr: { bin: {}, lib: {}, local: { bin: {} }, sbin: {}, share: {} },
    var: { cache: {}, lib: {}, log: {}, run: {}, tmp: new DirectoryNode({ mode: 0o1777 }), www: {} },
  };
}

/** What the programs of a repository bring, over what lies there already. */
export function programTree(repository: string, below = new DirectoryNode()): DirectoryNode {
  const trees = ofProgram.filter(([pattern]) => pattern.test(repository)).map(([, tree]) => directory(tree));
  return trees.length > 0 ? union([below, ...trees]) : below;
}

/** The layers as one; the same for all containers of an image, which each get a copy. */
const made = new WeakMap<Image['layers'], DirectoryNode>();

export function imageFiles({ layers }: Image): DirectoryNode {
  let root = made.get(layers);
  if (!root) made.set(layers, (root = union(layers.flatMap(({ files }) => (files ? [files()] : [])))));
  return root;
}
