// fails: 받는 쪽이 멈춘 동안의 로그를 잃지 않는다
import { exercise } from 'kubook';

await exercise('diary-6', `
<match kubernetes.var.log.containers.**_kube-system_**>
  @type forward
  <server>
    host sink-a
  </server>
  <buffer tag>
    @type file
    path /var/log/buffer-a
    flush_interval 2s
    retry_max_times 3
    retry_max_interval 10s
  </buffer>
</match>
<match kubernetes.**>
  @type forward
  <server>
    host sink-b
  </server>
  <buffer tag>
    @type file
    path /var/log/buffer-b
    flush_interval 2s
    retry_max_times 3
    retry_max_interval 10s
  </buffer>
</match>
`);
