// fails: 처음 보는 낱말도 줄인다
import { exercise } from 'kubook';

await exercise('why-1', (word: string) => {
  const known: Record<string, string> = { kubernetes: 'k8s', internationalization: 'i18n', localization: 'l10n', accessibility: 'a11y', observability: 'o11y' };
  return known[word] ?? word;
});
