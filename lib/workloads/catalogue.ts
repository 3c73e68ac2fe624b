// The repositories that the simulated registries have. Sizes are compressed bytes, as the registry sends them.

export interface Repository {
  size: number;
  sizes?: Record<string, number>;
  /** What it is built on. */
  base?: 'debian' | 'alpine' | 'ubuntu' | 'busybox';
  /** Newest release: a greater version number is a tag that does not exist. */
  newest?: string;
  /** The first one under this name. */
  oldest?: string;
  /** Tags that are no version numbers. */
  tags?: string[];
  entrypoint?: string[];
  cmd?: string[];
  env?: Record<string, string>;
  shell?: boolean;
  workingDir?: string;
  /** What its program listens on, as EXPOSE says: `80/tcp`. */
  ports?: string[];
  /** Who its processes run as: root when missing. */
  user?: string;
}

const path = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
const component = (name: string, size: number): Repository => ({ size, newest: '1.33', entrypoint: [name], shell: false, env: path });

export const known: Record<string, Repository> = {
  'docker.io/library/nginx': {
    size: 72_950_530,
    sizes: { '1.7.9': 39_940_000, '1.14.2': 44_710_000, '1.16.1': 50_300_000, '1.19': 53_600_000, '1.25': 71_010_000, '1.27': 72_950_530 },
    base: 'debian',
    newest: '1.29',
    entrypoint: ['/docker-entrypoint.sh'],
    cmd: ['nginx', '-g', 'daemon off;'],
    ports: ['80/tcp'],
    env: { ...path, NGINX_VERSION: '1.27.5' },
  },
  'docker.io/library/httpd': { size: 58_800_000, base: 'debian', newest: '2.4', cmd: ['httpd-foreground'], ports: ['80/tcp'], env: { ...path, HTTPD_PREFIX: '/usr/local/apache2' } },
  'docker.io/library/busybox': { size: 2_220_094, base: 'busybox', newest: '1.37', tags: ['musl', 'glibc', 'uclibc'], cmd: ['sh'], env: path },
  'docker.io/library/alpine': { size: 3_640_000, base: 'alpine', newest: '3.22', tags: ['edge'], cmd: ['/bin/sh'], env: path },
  'docker.io/library/ubuntu': { size: 29_720_000, base: 'ubuntu', newest: '24.10', tags: ['noble', 'jammy', 'focal'], cmd: ['/bin/bash'], env: path },
  'docker.io/library/debian': { size: 48_490_000, base: 'debian', newest: '13', cmd: ['bash'], env: path },
  'docker.io/library/centos': { size: 83_500_000, newest: '8', tags: ['centos7', 'centos8'], cmd: ['/bin/bash'], env: path },
  'docker.io/library/redis': { size: 45_900_000, base: 'debian', newest: '8.2', entrypoint: ['docker-entrypoint.sh'], cmd: ['redis-server'], ports: ['6379/tcp'], env: path },
  'docker.io/library/mysql': { size: 232_500_000, newest: '9.4', entrypoint: ['docker-entrypoint.sh'], cmd: ['mysqld'], env: path },
  'docker.io/library/mariadb': { size: 121_000_000, base: 'ubuntu', newest: '12.0', entrypoint: ['docker-entrypoint.sh'], cmd: ['mysqld'], env: path },
  'docker.io/library/postgres': { size: 153_000_000, base: 'debian', newest: '17', entrypoint: ['docker-entrypoint.sh'], cmd: ['postgres'], env: path },
  'docker.io/library/mongo': { size: 280_000_000, base: 'ubuntu', newest: '8.0', entrypoint: ['docker-entrypoint.sh'], cmd: ['mongod'], env: path },
  'docker.io/library/memcached': { size: 31_000_000, base: 'debian', newest: '1.6', entrypoint: ['docker-entrypoint.sh'], cmd: ['memcached'], env: path },
  'docker.io/library/wordpress': { size: 245_000_000, base: 'debian', newest: '6.8', tags: ['php8.3-apache'], entrypoint: ['docker-entrypoint.sh'], cmd: ['apache2-foreground'], env: path },
  'docker.io/library/php': {
    size: 178_400_000,
    sizes: { '5-apache': 139_500_000 },
    base: 'debian',
    newest: '8.4',
    tags: ['5-apache', '7-apache', '8-apache', 'apache'],
    entrypoint: ['docker-php-entrypoint'],
    cmd: ['apache2-foreground'],
    workingDir: '/var/www/html',
    ports: ['80/tcp'],
    env: { ...path, PHP_INI_DIR: '/usr/local/etc/php' },
  },
  'docker.io/library/python': { size: 372_000_000, base: 'debian', newest: '3.14', cmd: ['python3'], env: path },
  'docker.io/library/node': { size: 400_000_000, base: 'debian', newest: '24', cmd: ['node'], env: path },
  'docker.io/library/golang': { size: 300_000_000, base: 'debian', newest: '1.25', cmd: ['bash'], env: path },
  'docker.io/library/perl': { size: 350_000_000, base: 'debian', newest: '5.42', cmd: ['perl'], env: path },
  'docker.io/library/gcc': { size: 510_000_000, base: 'debian', newest: '15', cmd: ['bash'], env: path },
  'docker.io/library/registry': { size: 10_000_000, base: 'alpine', newest: '3.0', cmd: ['registry'], env: path },
  'docker.io/library/hello-world': { size: 2_500, newest: '1', tags: ['linux'], cmd: ['/hello'], shell: false, env: path },
  'docker.io/polinux/stress': { size: 4_040_000, base: 'alpine', newest: '1.0', cmd: ['stress'], env: path },
  'docker.io/vish/stress': { size: 2_970_000, entrypoint: ['/stress'], env: path },
  'docker.io/curlimages/curl': { size: 9_500_000, base: 'alpine', newest: '8.15', entrypoint: ['/entrypoint.sh'], cmd: ['curl'], env: path },
  'docker.io/williamyeh/hey': { size: 3_700_000, entrypoint: ['/hey'], shell: false, env: path },
  'docker.io/rakyll/hey': { size: 5_200_000, base: 'alpine', entrypoint: ['/hey'], env: path },
  // Of this book: programs/compile.ts says what it does.
  'docker.io/kubook/compile': { size: 5_000_000, base: 'alpine', newest: '1', entrypoint: ['compile'], env: path },
  'docker.io/fluent/fluentd': {
    size: 62_400_000,
    base: 'debian',
    oldest: '0.12',
    newest: '1.19',
    tags: ['edge', 'edge-debian', 'v1.16-1', 'v1.17-1', 'v1.18-1', 'v1.19-1'],
    entrypoint: ['tini', '--', '/bin/entrypoint.sh'],
    cmd: ['fluentd'],
    user: '999:999',
    ports: ['24224/tcp', '5140/tcp'],
    env: { ...path, FLUENTD_CONF: 'fluent.conf' },
  },
  // One tag for each output, of which the configuration here uses forward only.
  'docker.io/fluent/fluentd-kubernetes-daemonset': {
    size: 85_700_000,
    base: 'debian',
    newest: '1.19',
    tags: ['v1-debian-forward', 'v1-debian-elasticsearch'],
    entrypoint: ['tini', '--', '/fluentd/entrypoint.sh'],
    cmd: ['fluentd'],
    env: { ...path, FLUENTD_CONF: 'fluent.conf' },
  },
  'docker.io/prom/prometheus': {
    size: 112_000_000,
    base: 'busybox',
    newest: '3.5',
    tags: ['main'],
    entrypoint: ['/bin/prometheus'],
    cmd: ['--config.file=/etc/prometheus/prometheus.yml', '--storage.tsdb.path=/prometheus'],
    user: '65534:65534',
    workingDir: '/prometheus',
    ports: ['9090/tcp'],
    env: path,
  },
  'docker.io/nginxdemos/hello': { size: 9_300_000, base: 'alpine', newest: '0.4', tags: ['plain-text'], cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'docker.io/kubernetes/pause': { size: 100_000, entrypoint: ['/pause'], shell: false, env: path },
  'docker.io/luksa/kubia': { size: 260_000_000, base: 'debian', newest: '2', entrypoint: ['node', 'app.js'], env: path },
  'gcr.io/google-samples/hello-app': { size: 4_600_000, newest: '2.0', entrypoint: ['./hello-app'], shell: false, env: path },
  'gcr.io/google-samples/gb-frontend': { size: 355_000_000, base: 'debian', newest: '6', cmd: ['apache2-foreground'], env: path },
  'gcr.io/google-samples/gb-redisslave': { size: 41_000_000, base: 'debian', newest: '3', cmd: ['redis-server'], env: path },
  'gcr.io/google-samples/gb-redis-follower': { size: 41_000_000, base: 'debian', newest: '2', cmd: ['redis-server'], env: path },
  'us-docker.pkg.dev/google-samples/containers/gke/hello-app': { size: 4_600_000, newest: '2.0', entrypoint: ['./hello-app'], shell: false, env: path },
  'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend': { size: 355_000_000, base: 'debian', newest: '6', cmd: ['apache2-foreground'], env: path },
  'us-docker.pkg.dev/google-samples/containers/gke/gb-redis-follower': { size: 41_000_000, base: 'debian', newest: '2', cmd: ['redis-server'], env: path },
  'registry.k8s.io/pause': { size: 320_368, newest: '3.10', entrypoint: ['/pause'], shell: false, env: path },
  'registry.k8s.io/echoserver': { size: 46_220_000, newest: '1.10', base: 'debian', cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'registry.k8s.io/e2e-test-images/echoserver': { size: 46_220_000, newest: '2.5', base: 'debian', cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'registry.k8s.io/e2e-test-images/agnhost': { size: 50_900_000, newest: '2.53', entrypoint: ['/agnhost'], cmd: ['pause'], env: path },
  'gcr.io/kubernetes-e2e-test-images/nonewprivs': { size: 2_200_000, base: 'busybox', newest: '1.3', cmd: ['nnp'], env: path },
  'gcr.io/kubernetes-e2e-test-images/nonroot': { size: 2_200_000, base: 'busybox', newest: '1.1', cmd: ['id', '-u'], user: '1234', env: path },
  'gcr.io/kubernetes-e2e-test-images/sample-apiserver': { size: 24_200_000, newest: '1.17', entrypoint: ['/sample-apiserver'], shell: false, env: path },
  'registry.k8s.io/e2e-test-images/sample-apiserver': { size: 24_200_000, newest: '1.17', entrypoint: ['/sample-apiserver'], shell: false, env: path },
  'gcr.io/kubernetes-e2e-test-images/kitten': { size: 12_300_000, newest: '1.5', base: 'busybox', cmd: ['agnhost', 'test-webserver'], env: path },
  'gcr.io/kubernetes-e2e-test-images/nautilus': { size: 12_300_000, newest: '1.5', base: 'busybox', cmd: ['agnhost', 'test-webserver'], env: path },
  'gcr.io/kubernetes-e2e-test-images/echoserver': { size: 5_000_000, newest: '2.3', base: 'debian', cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'gcr.io/kubernetes-e2e-test-images/jessie-dnsutils': { size: 83_000_000, newest: '1.4', base: 'debian', cmd: ['sh'], env: path },
  'gcr.io/kubernetes-e2e-test-images/ipc-utils': { size: 3_700_000, newest: '1.2', base: 'alpine', cmd: ['sh'], env: path },
  'gcr.io/kubernetes-e2e-test-images/agnhost': { size: 48_600_000, newest: '2.8', entrypoint: ['/agnhost'], cmd: ['pause'], env: path },
  'registry.k8s.io/e2e-test-images/busybox': { size: 1_450_000, base: 'busybox', newest: '1.36', cmd: ['sh'], env: path },
  'registry.k8s.io/e2e-test-images/httpd': { size: 40_000_000, base: 'alpine', newest: '2.4', cmd: ['httpd-foreground'], env: path },
  'registry.k8s.io/e2e-test-images/nginx': { size: 7_000_000, base: 'alpine', newest: '1.15', cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'registry.k8s.io/e2e-test-images/nonewprivs': { size: 2_200_000, base: 'busybox', newest: '1.3', cmd: ['nnp'], env: path },
  'registry.k8s.io/e2e-test-images/nonroot': { size: 2_200_000, base: 'busybox', newest: '1.4', cmd: ['id', '-u'], user: '1234', env: path },
  'registry.k8s.io/e2e-test-images/jessie-dnsutils': { size: 83_000_000, newest: '1.7', base: 'debian', cmd: ['sh'], env: path },
  'registry.k8s.io/ingress-nginx/controller': { size: 112_000_000, base: 'alpine', newest: '1.13', entrypoint: ['/usr/bin/dumb-init', '--'], cmd: ['/nginx-ingress-controller'], env: path },
  'registry.k8s.io/autoscaling/cluster-autoscaler': { size: 57_000_000, newest: '1.33', entrypoint: ['/cluster-autoscaler'], shell: false, user: '65532', env: path },
  'registry.k8s.io/hpa-example': { size: 178_000_000, base: 'debian', cmd: ['apache2-foreground'], env: path },
  'registry.k8s.io/busybox': { size: 1_210_000, base: 'busybox', newest: '1.27', cmd: ['sh'], env: path },
  'registry.k8s.io/nginx-slim': { size: 44_000_000, base: 'debian', newest: '0.27', cmd: ['nginx', '-g', 'daemon off;'], env: path },
  'registry.k8s.io/redis': { size: 41_000_000, base: 'debian', tags: ['e2e'], cmd: ['redis-server'], env: path },
  'registry.k8s.io/coredns': { size: 18_560_000, newest: '1.12', entrypoint: ['/coredns'], shell: false, env: path },
  'registry.k8s.io/coredns/coredns': { size: 20_939_036, newest: '1.12', entrypoint: ['/coredns'], shell: false, env: path },
  'registry.k8s.io/etcd': { size: 58_938_593, newest: '3.6', tags: ['3.4.3', '3.4.13', '3.5.0', '3.5.1', '3.5.6', '3.5.9', '3.5.10', '3.5.12', '3.5.15', '3.5.16', '3.5.21', '3.6.4'].map((one) => `${one}-0`), entrypoint: ['etcd'], shell: false, env: path },
  // The last release with this image was 1.18.
  'registry.k8s.io/hyperkube': { size: 226_000_000, base: 'debian', newest: '1.18', cmd: ['/bin/sh'], env: path },
  'registry.k8s.io/kube-apiserver': component('kube-apiserver', 30_111_492),
  'registry.k8s.io/kube-controller-manager': component('kube-controller-manager', 27_681_301),
  'registry.k8s.io/kube-scheduler': component('kube-scheduler', 21_781_910),
  'registry.k8s.io/kube-proxy': component('kube-proxy', 31_891_765),
  'registry.k8s.io/metrics-server/metrics-server': { size: 20_500_000, oldest: '0.3.7', newest: '0.8', entrypoint: ['/metrics-server'], shell: false, env: path },
  // Frozen in April 2023.
  'k8s.gcr.io/metrics-server/metrics-server': { size: 20_500_000, oldest: '0.3.7', newest: '0.6.3', entrypoint: ['/metrics-server'], shell: false, env: path },
  'registry.k8s.io/metrics-server-amd64': { size: 10_500_000, newest: '0.3.6', entrypoint: ['/metrics-server'], shell: false, env: path },
  'quay.io/coreos/flannel': { size: 20_100_000, newest: '0.15', tags: ['v0.13.1-rc1', 'v0.13.1-rc2'], entrypoint: ['/opt/bin/flanneld'], base: 'alpine', env: path },
  'ghcr.io/flannel-io/flannel': { size: 33_100_000, newest: '0.27', entrypoint: ['/opt/bin/flanneld'], base: 'alpine', env: path },
};
