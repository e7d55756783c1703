import { randomBytes } from 'node:crypto';

/** `20251125-031208-lenet-9f3c`: sorts by time, says what it is, and two that start in one second differ. */
export function newRunId(name: string, now = new Date()): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return [time, ...(slug ? [slug] : []), randomBytes(2).toString('hex')].join('-');
}
