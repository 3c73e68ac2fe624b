// fails: 호스트의 8080이 대답한다
import { exercise } from 'kubook';

await exercise('images-4', async ({ cluster }) => {
  const { docker } = cluster.workstation;
  await docker`build --tag bruzn/php-apache .`;
  await docker`push bruzn/php-apache`;
  await docker`run -d --name web -p 80:8080 bruzn/php-apache`;
});
