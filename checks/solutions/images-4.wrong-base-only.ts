// fails: 이미지가 만들어졌다
import { exercise } from 'kubook';

await exercise('images-4', async ({ cluster }) => {
  const { docker } = cluster.workstation;
  await docker`pull php:5-apache`;
  await docker`tag php:5-apache bruzn/php-apache`;
  await docker`push bruzn/php-apache`;
  await docker`run -d --name web -p 8080:80 bruzn/php-apache`;
});
