/** Programs that a server's first installation puts on the PATH, and that somebody looks for. */
export const usualPrograms: readonly string[] = ['apt', 'apt-get', 'dpkg', 'ip', 'iptables', 'mount', 'nsenter', 'modprobe', 'lsmod', 'sysctl', 'systemctl', 'tc', 'touch', 'uname'];
/** Those that the packages of a kubelet bring along. */
export const kubeletPrograms: readonly string[] = ['conntrack', 'ebtables', 'ethtool', 'socat'];
