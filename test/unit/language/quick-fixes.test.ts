import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigDocument } from '../../../src/language/document';
import { diagnose } from '../../../src/language/diagnose';
import { quickFixes } from '../../../src/language/quick-fixes';
import { blockModel } from '../../support/lenet-facts';
import { applied } from './support/applied';

/**
 * Each fixture is a config with something wrong; beside it, in the file of the same name that ends in `.fixed`, stands
 * what every fix makes of it. `npx vitest -u` writes the latter anew: read what has changed.
 */
const folder = join(import.meta.dirname, 'fixtures/quick-fixes');
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const around = { model: blockModel };

describe('the fixes of', () => {
  it.each(fixtures)('%s', async (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const document = ConfigDocument.of(text);
    const before = diagnose(document, around);
    const fixes = quickFixes(document, document.range({ start: 0, end: text.length }), around);
    const written = fixes.map((fix) => `# ${fix.title}\n${applied(document, fix)}`).join('\n');
    await expect(written).toMatchFileSnapshot(join(folder, file.replace('.yaml', '.fixed')));
    for (const fix of fixes) {
      const after = diagnose(ConfigDocument.of(applied(document, fix)), around);
      expect(after.length, fix.title).toBeLessThanOrEqual(before.length);
      const mended = fix.diagnostics?.map(({ message }) => message);
      expect(mended).not.toContain(after.map(({ message }) => message).find((message) => mended?.includes(message)));
    }
  });
});
