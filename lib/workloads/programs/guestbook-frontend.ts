// The guestbook of the Kubernetes tutorial: a page, and a small PHP script that asks redis.
import type { HttpResponse } from '../../machine/index.ts';
import type { Process, Program } from '../program.ts';
import { clfTime } from './http.ts';
import { ask } from './redis/server.ts';

const MiB = 1024 * 1024;
const page = '<html ng-app="redis">\n  <head>\n    <title>Guestbook</title>\n  </head>\n  <body ng-controller="RedisCtrl">\n    <h2>Guestbook</h2>\n    <form><input ng-model="msg" placeholder="Messages"><button ng-click="controller.onRedis()">Submit</button></form>\n    <div ng-repeat="msg in messages track by $index">{{msg}}</div>\n  </body>\n</html>\n';

/** Up to v4 the tutorial said master and slave. */
const namesOf = (older: boolean) => (older ? { leader: 'redis-master', follower: 'redis-slave' } : { leader: 'redis-leader', follower: 'redis-follower' });

/** By name, or as GET_HOSTS_FROM=env says by the variables that the kubelet sets. */
const hostOf = (name: string, { env }: Process) => (env['GET_HOSTS_FROM'] === 'env' ? (env[`${name.toUpperCase().replaceAll('-', '_')}_SERVICE_HOST`] ?? '') : name);

export function guestbookFrontend({ older }: { older: boolean }): Program {
  const names = namesOf(older);
  return (process) => {
    process.useMemory(20 * MiB);
    process.listen(80, (request, server) => {
      const response = answer(request.path, server, names);
      const at = server.clock.now;
      server.logLines(() => [`${request.from} - - [${clfTime(at)}] "${request.method} ${request.path} HTTP/1.1" ${response.status} ${response.body.length} "-" "${request.headers?.['User-Agent'] ?? '-'}"`]);
      return response;
    });
    return { terminate: { after: 40, exitCode: 0 } };
  };
}

function answer(path: string, process: Process, { leader, follower }: ReturnType<typeof namesOf>): HttpResponse {
  const [file = '', query = ''] = path.split('?');
  if (file === '/' || file === '/index.html') return { status: 200, body: page, headers: { 'Content-Type': 'text/html' } };
  if (file !== '/guestbook.php') return { status: 404, body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n</body></html>\n' };
  const asked = Object.fromEntries(query.split('&').map((pair) => pair.split('=', 2).map((word) => decodeURIComponent(word.replaceAll('+', ' '))) as [string, string]));
  const { cmd, key = '', value = '' } = asked;
  const host = hostOf(cmd === 'set' ? leader : follower, process);
  const reply = ask(process, cmd === 'set' ? ['SET', key, value] : ['GET', key], { host });
  const headers = { 'Content-Type': 'application/json' };
  if (!reply || reply.kind === 'error') {
    process.log(`PHP Fatal error:  Uncaught exception 'Predis\\Connection\\ConnectionException' with message 'Connection refused [tcp://${host}:6379]' in /usr/local/lib/php/Predis/Connection/AbstractConnection.php:155`);
    return { status: 500, body: '' };
  }
  return { status: 200, headers, body: cmd === 'set' ? '{"message": "Updated"}' : `{"data": "${reply.kind === 'bulk' ? (reply.text ?? '') : ''}"}` };
}
