// Sets up whatever is missing, and tries again for the native engine where it could not be had before.
// usage: npm run setup
import { say } from './setup/report.mjs';
import { main, setUp } from './setup/setup.mjs';

await main(async () => {
  await setUp({ retry: true });
  say('ready');
});
