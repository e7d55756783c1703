import { Command, InvalidArgumentError, Option } from 'commander';
import { resolve } from 'node:path';
import { version } from '../../package.json';
import { check } from './commands/check';
import { compress, type CompressFlags } from './commands/compress';
import { doctor } from './commands/doctor';
import { evaluateCommand, type EvaluateFlags } from './commands/evaluate';
import { inspect } from './commands/inspect';
import { migrateCommand, type MigrateFlags } from './commands/migrate';
import { resume, type ResumeFlags } from './commands/resume';
import { listCommand, showCommand } from './commands/runs';
import type { CliContext, GlobalFlags } from './context';
import { exitCodes, reportFailure } from './failure';

/** Runs one command line, without the name of the program, and returns the exit code. Never throws. */
export async function runCli(context: CliContext, args: readonly string[]): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command('pocketflow')
    .description('Compress neural networks: prune, sparsify, fine-tune, and write models that are really smaller.')
    .version(version)
    .option('-C, --workspace <folder>', 'folder that the runs are kept in, under .pocketflow', '.')
    .option('--debug', 'show what the engine reports, and where errors come from', false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    })
    .addHelpText(
      'after',
      '\nResults go to stdout, progress to stderr. With --json the last line of stdout is the result as one JSON object.' +
        '\nExit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.',
    );

  /** A command's action: `run` gets its flags, whose shape is what the options beside it make it, and its arguments. */
  const action =
    <F extends GlobalFlags, A extends string[]>(run: (flags: F, ...args: A) => Promise<number>) =>
    async (...all: unknown[]): Promise<void> => {
      const command = all.at(-1) as Command;
      const given = command.optsWithGlobals<F>();
      const flags = { ...given, workspace: resolve(context.cwd, given.workspace), json: given.json ?? false };
      code = await run(flags, ...(command.processedArgs.flat() as A));
    };
  const json = (): Option => new Option('--json', 'print JSON: one object on the last line, progress before it');
  const threads = (): Option =>
    new Option('--threads <n>', 'threads, where the config leaves them open').argParser(positive);

  program
    .command('compress')
    .description('compress a model as a config says')
    .argument('<config>', 'a .pocketflow.yaml file')
    .option('--dry-run', 'only show what would be done')
    .option('-o, --out <folder>', "folder for the model files, in place of the config's")
    .addOption(threads())
    .addOption(json())
    .action(action((flags: CompressFlags, config) => compress(context, config, flags)));

  const addResume = (parent: Command): Command =>
    parent
      .command('resume')
      .description('go on with a run that was stopped, failed or killed')
      .argument('<run>', 'id of a run, its beginning, its folder, or: latest')
      .addOption(threads())
      .addOption(json())
      .action(action((flags: ResumeFlags, run) => resume(context, run, flags)));
  addResume(program);

  program
    .command('check')
    .description('say what is wrong with a config and where, as the editor does, and what it comes to')
    .argument('<config>', 'a .pocketflow.yaml file')
    .addOption(json())
    .action(action((flags, config) => check(context, config, flags)));

  program
    .command('migrate')
    .description('make a config of the command line of PocketFlow for TensorFlow')
    .argument('<flags...>', 'after --: nets/resnet_at_cifar10_run.py --learner channel --cp_preserve_ratio 0.5')
    .option('-o, --out <file>', 'file to write; without it the config goes to stdout')
    .option('-m, --model <model>', 'a name from the zoo or a model file, in place of the one that the program is for')
    .option('-d, --dataset <name>', 'mnist, fashion-mnist, cifar10, or a folder of images (./photos)')
    .addOption(json())
    .action(action((flags: MigrateFlags, ...args) => migrateCommand(context, args, flags)));

  program
    .command('inspect')
    .description('show the layers of a model: shape, FLOPs, parameters, sparsity')
    .argument('<model>', 'an .onnx file, or the model.json of a TF.js layers model')
    .addOption(json())
    .action(action((flags, model) => inspect(context, model, flags)));

  program
    .command('evaluate')
    .description('measure the accuracy of a model')
    .argument('<model>', 'an .onnx file, or the model.json of a TF.js layers model')
    .requiredOption('-d, --dataset <name>', 'mnist, fashion-mnist, cifar10, or a folder of images')
    .option('--directory <folder>', "folder with the data set's original files")
    .addOption(
      new Option('--split <split>', 'part of the data set').choices(['test', 'validation', 'train']).default('test'),
    )
    .addOption(new Option('--limit <n>', 'use at most this many samples').argParser(positive))
    .addOption(
      new Option('--image-size <pixels>', 'for a folder of images; default: what the model takes').argParser(positive),
    )
    .addOption(numbers('--mean <numbers>', 'mean of each channel, on pixels in [0, 1]'))
    .addOption(numbers('--std <numbers>', 'standard deviation of each channel, on pixels in [0, 1]'))
    .addOption(
      new Option('--backend <name>', 'executor').choices(['auto', 'onednn', 'tfjs-node', 'wasm']).default('auto'),
    )
    .addOption(threads())
    .addOption(json())
    .action(action((flags: EvaluateFlags, model) => evaluateCommand(context, model, flags)));

  const runs = program.command('runs').description('list, show and resume runs');
  runs
    .command('list')
    .description('list the runs of the workspace, the latest first')
    .addOption(json())
    .action(action((flags) => listCommand(context, flags)));
  runs
    .command('show')
    .description('show a run')
    .argument('<run>', 'id of a run, its beginning, its folder, or: latest')
    .addOption(json())
    .action(action((flags, run) => showCommand(context, run, flags)));
  addResume(runs);

  program
    .command('doctor')
    .description('show what PocketFlow finds on this machine')
    .addOption(json())
    .action(action((flags) => doctor(context, flags)));

  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return reportFailure(context, error, { json: args.includes('--json'), debug: args.includes('--debug') });
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

function numbers(flags: string, description: string): Option {
  return new Option(flags, `${description}, divided by commas`).argParser((text) => {
    const values = text.split(',').map(Number);
    if (values.some((value) => !Number.isFinite(value))) throw new InvalidArgumentError('It must be like 0.5,0.5,0.5.');
    return values;
  });
}
