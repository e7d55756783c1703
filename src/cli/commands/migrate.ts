import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { migrate } from '../../config/migrate/migrate';
import type { MigrateOptions, Migration } from '../../config/migrate/migration';
import { note, print, printJson, type CliContext, type GlobalFlags } from '../context';
import { exitCodes, InputError } from '../failure';

export interface MigrateFlags extends GlobalFlags, MigrateOptions {
  readonly out?: string;
}

/** `pocketflow migrate -- FLAGS`: writes a config that does what a PocketFlow command line did. */
export async function migrateCommand(
  context: CliContext,
  args: readonly string[],
  { json, out, model, dataset }: MigrateFlags,
): Promise<number> {
  const migration = migrate(args, { ...(model !== undefined && { model }), ...(dataset !== undefined && { dataset }) });
  if (out !== undefined) await writeNew(resolve(context.cwd, out), migration.text);
  if (json) {
    const { text, ...account } = migration;
    printJson(context, { ...(out === undefined ? {} : { file: out }), config: text, ...account });
    return exitCodes.done;
  }
  if (out === undefined) context.stdout.write(migration.text);
  else print(context, out);
  for (const line of account(migration)) note(context, line);
  return exitCodes.done;
}

async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new InputError(`${path} is there already`, 'name another file, or remove it');
    throw new InputError(`${path} can't be written: ${error.message}`);
  });
}

function account({ kept, left, assumed }: Migration): string[] {
  const width = Math.max(0, ...left.map(({ flag }) => flag.length));
  return [
    ...assumed.map((sentence) => `note: ${sentence}`),
    `${kept.length} of ${kept.length + left.length} flags are in the config${left.length > 0 ? '; not in it:' : ''}`,
    ...left.map(({ flag, reason }) => `  ${flag.padEnd(width)}  ${reason}`),
  ];
}
