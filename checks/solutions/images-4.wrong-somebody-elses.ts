// fails: 내 이름 아래로 올라갔다
import { exercise } from 'kubook';

await exercise('images-4', async ({ cluster }) => {
  const { docker } = cluster.workstation;
  await docker`build --tag bruzn/php-apache .`;
  await docker`tag bruzn/php-apache php-apache`;
  await docker`push php-apache`;
  await docker`run -d --name web -p 8080:80 bruzn/php-apache`;
});
