// fails: 멈춘 동안 에이전트가 죽어도 잃지 않는다
import { exercise } from 'kubook';

await exercise('diary-6', `
<match kubernetes.var.log.containers.**_kube-system_**>
  @type forward
  <server>
    host sink-a
  </server>
  <buffer tag>
    flush_interval 2s
    retry_forever true
    retry_max_interval 10s
  </buffer>
</match>
<match kubernetes.**>
  @type forward
  <server>
    host sink-b
  </server>
  <buffer tag>
    flush_interval 2s
    retry_forever true
    retry_max_interval 10s
  </buffer>
</match>
`);
