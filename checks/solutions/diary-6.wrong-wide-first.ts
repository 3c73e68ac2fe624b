// fails: kube-system의 로그는 sink-a로, 나머지는 sink-b로 간다
import { exercise } from 'kubook';

await exercise('diary-6', `
<match kubernetes.**>
  @type forward
  <server>
    host sink-b
  </server>
  <buffer tag>
    @type file
    path /var/log/buffer-b
    flush_interval 2s
    retry_forever true
    retry_max_interval 10s
  </buffer>
</match>
<match kubernetes.var.log.containers.**_kube-system_**>
  @type forward
  <server>
    host sink-a
  </server>
  <buffer tag>
    @type file
    path /var/log/buffer-a
    flush_interval 2s
    retry_forever true
    retry_max_interval 10s
  </buffer>
</match>
`);
