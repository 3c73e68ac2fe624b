// The configuration that lies in the images: used where nothing is mounted over it.

const ownLogs = '<label @FLUENT_LOG>\n  <match **>\n    @type null\n    @id ignore_fluent_logs\n  </match>\n</label>\n';

/** fluent/fluentd: takes what others forward, and writes it into files. */
export const fluentdConfig = {
  'fluent.conf': `<source>
  @type  forward
  @id    input1
  @label @mainstream
  port  24224
</source>

<filter **>
  @type stdout
</filter>

<label @mainstream>
  <match docker.**>
    @type file
    @id   output_docker1
    path         /fluentd/log/docker.*.log
    append       true
    <buffer time>
      timekey      1d
      timekey_wait 1m
      path         /fluentd/log/docker.*.buffer
    </buffer>
  </match>
  <match **>
    @type file
    @id   output1
    path         /fluentd/log/data.*.log
    append       true
    <buffer time>
      timekey      1d
      timekey_wait 10m
      path         /fluentd/log/data.*.buffer
    </buffer>
  </match>
</label>
`,
};

/** fluent/fluentd-kubernetes-daemonset: follows the logs of the node's containers, and forwards them. */
export const daemonSetConfig = {
  'fluent.conf': `${ownLogs}
@include kubernetes.conf

<match **>
  @type forward
  @id out_fwd
  <server>
    host "#{ENV['FLUENT_FORWARD_HOST']}"
    port "#{ENV['FLUENT_FORWARD_PORT'] || '24224'}"
  </server>
  <buffer>
    flush_interval 5s
    retry_max_interval 30
    retry_forever true
  </buffer>
</match>
`,
  'kubernetes.conf': `<source>
  @type tail
  @id in_tail_container_logs
  path "#{ENV['FLUENT_CONTAINER_TAIL_PATH'] || '/var/log/containers/*.log'}"
  pos_file /var/log/fluentd-containers.log.pos
  tag "#{ENV['FLUENT_CONTAINER_TAIL_TAG'] || 'kubernetes.*'}"
  exclude_path "#{ENV['FLUENT_CONTAINER_TAIL_EXCLUDE_PATH'] || '[]'}"
  read_from_head true
  @include tail_container_parse.conf
</source>
`,
  'tail_container_parse.conf': `<parse>
  @type "#{ENV['FLUENT_CONTAINER_TAIL_PARSER_TYPE'] || 'json'}"
  time_format "#{ENV['FLUENT_CONTAINER_TAIL_PARSER_TIME_FORMAT'] || '%Y-%m-%dT%H:%M:%S.%NZ'}"
</parse>
`,
};
