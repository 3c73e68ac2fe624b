import { exercise } from 'kubook';

await exercise('labels-1', {
  notFrontend: ['cart', 'redis', 'batch', 'probe'],
  notIn: ['redis', 'batch', 'probe'],
  selector: 'tier,tier!=frontend',
});
