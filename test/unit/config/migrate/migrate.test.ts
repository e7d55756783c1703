import { describe, expect, it } from 'vitest';
import { learnerIds } from '../../../../src/config/learners';
import { droppedFlags } from '../../../../src/config/migrate/dropped-flags';
import { flagTable } from '../../../../src/config/migrate/flag-table';
import { migrate } from '../../../../src/config/migrate/migrate';
import { MigrateError, type Migration } from '../../../../src/config/migrate/migration';
import { pendingPart } from '../../../../src/config/migrate/pending-flags';
import { pocketflowFlags, pocketflowLearners } from '../../../../src/config/migrate/pocketflow-flags';
import { parseConfig } from '../../../../src/config/parse';

const resnet = 'nets/resnet_at_cifar10_run.py';

function run(line: string): Migration {
  return migrate(line.split(' '));
}

/** What the config says, without comments and defaults. */
function configOf(line: string): unknown {
  const { text } = run(line);
  const { config, problems } = parseConfig(text);
  expect(problems).toEqual([]);
  return config;
}

function reasonFor(line: string, flag: string): string | undefined {
  const left = run(line).left.find((entry) => entry.flag === flag);
  return left && `${left.why}: ${left.reason}`;
}

function failure(line: string): MigrateError {
  try {
    run(line);
  } catch (error) {
    if (error instanceof MigrateError) return error;
  }
  throw new Error('it did not fail');
}

describe('what a command line becomes', () => {
  it.each([
    [
      `${resnet} --learner channel --cp_preserve_ratio 0.4 --cp_nb_points_per_layer=20 --cp_quadruple`,
      {
        ...{ model: 'resnet20', dataset: 'cifar10', learner: 'channel', target: { flops: 0.4 } },
        options: { positions: 20, multipleOf: 4 },
      },
    ],
    [
      `${resnet} --resnet_size 56 --learner weight-sparse --ws_prune_ratio 0.8 --ws_mask_update_step 500`,
      {
        ...{ model: 'resnet56', dataset: 'cifar10', learner: 'weight-sparse', target: { sparsity: 0.8 } },
        options: { frequency: 500 },
      },
    ],
    [
      `python nets/mobilenet_at_ilsvrc12_run.py --mobilenet_version=2 --mobilenet_depth_mult 0.5 --data_dir_local /data`,
      { model: { zoo: 'mobilenet-v2', width: 0.5 }, dataset: { folder: '/data' } },
    ],
    [
      `./scripts/run_local.sh ${resnet} -n=1 --data_dir_local data --nb_smpls_val 500 --nb_smpls_train 2000`,
      { model: 'resnet20', dataset: { name: 'cifar10', directory: 'data', validation: 500, limit: 2000 } },
    ],
    [`${resnet} --learner uniform`, { learner: 'uniform', target: { bits: 4 } }],
    [
      'nets/resnet_at_ilsvrc12_run.py --nb_smpls_train 999 --nb_threads 4',
      { dataset: { folder: './imagenet', limit: 999, workers: 4 } },
    ],
    ['--learner chn-pruned-gpu --cpg_prune_ratio 0.3', { learner: 'channel', target: { flops: 0.7 } }],
    [`${resnet} --learner weight-sparse`, { target: { sparsity: 0.75 } }],
    [`${resnet} --learner channel --cp_prune_option uniform`, { target: { flops: 0.6 } }],
    [
      `${resnet} --learner channel --enbl_dst --tempr_dst 2`,
      { training: { distillation: { weight: 0.25, temperature: 2, features: 0 } } },
    ],
    [`${resnet} --learner channel --tempr_dst 2 --enbl_dst true`, { training: { distillation: { temperature: 2 } } }],
    [`${resnet} --learner channel --noenbl_dst`, { training: { distillation: false } }],
    [`${resnet} --learner channel --enbl_dst=False`, { training: { distillation: false } }],
    [
      `${resnet} --nb_epochs_rat 0.2 --lrn_rate_init 0.1 --batch_size 256 --momentum 0.8 --loss_w_dcy 1e-3`,
      { training: { epochs: 50, learningRate: 0.2, batchSize: 256, momentum: 0.8, weightDecay: 0.001 } },
    ],
    [
      'nets/resnet_at_ilsvrc12_run.py --lrn_rate_init 0.1 --batch_size_norm 128 --nb_epochs_rat 0.5',
      { model: 'resnet18', training: { epochs: 50, learningRate: 0.05 } },
    ],
    [
      `${resnet} --learner channel --lrn_rate_init 0.1 --cp_lrn_rate_ft 1e-4 --cp_retrain`,
      { training: { learningRate: 1e-4, mode: 'retrain' } },
    ],
  ])('%s', (line, expected) => {
    expect(configOf(line)).toMatchObject(expected);
  });

  it('says beside each value where it comes from, and on top what is missing', () => {
    const { text } = run(`${resnet} --learner weight-sparse --ws_prune_ratio_exp 4 --summ_step 10`);
    expect(text).toContain(`#   ${resnet} --learner weight-sparse --ws_prune_ratio_exp 4 --summ_step 10`);
    expect(text).toContain('#   summ_step 10: progress is recorded');
    expect(text).toMatch(/^ {2}sparsity: 0\.75 # PocketFlow's own ws_prune_ratio 0\.75$/m);
    expect(text).toMatch(/^ {2}exponent: 4 # ws_prune_ratio_exp 4$/m);
  });

  it('takes model and data from its own options', () => {
    const { text } = migrate(['--learner', 'channel'], { model: './mine.onnx', dataset: './photos' });
    expect(parseConfig(text).config).toMatchObject({ model: './mine.onnx', dataset: { folder: './photos' } });
  });

  it('says so when it has to assume the model', () => {
    expect(run('--learner channel').assumed).toEqual([expect.stringContaining('ResNet-20 on CIFAR-10 is assumed')]);
    expect(run(`${resnet} --learner channel`).assumed).toEqual([]);
  });

  it('a comment can not be broken out of', () => {
    const { text } = migrate([resnet, '--model_http_url', 'http://x\nlearner: channel']);
    expect(parseConfig(text).config?.learner).toBe('full-prec');
  });
});

describe('flags that are not in the config', () => {
  it.each([
    [`${resnet} --exec_mode eval`, 'exec_mode', /^dropped: .*pocketflow evaluate/],
    [`${resnet} --data_disk hdfs`, 'data_disk', /^dropped: /],
    [`${resnet} --learner channel --ws_prune_ratio 0.5`, 'ws_prune_ratio', /^unread: .*`weight-sparse`, not for `chan/],
    [`${resnet} --learner channel --loss_w_dst 4`, 'loss_w_dst', /^unread: .*--enbl_dst/],
    [`${resnet} --learner channel --cp_uniform_preserve_ratio 0.5`, 'cp_uniform_preserve_ratio', /^unread: .*uniform/],
    [
      `${resnet} --learner channel --cp_lrn_rate_ft 1e-3 --lrn_rate_init 1`,
      'lrn_rate_init',
      /^unread: .*cp_lrn_rate_ft/,
    ],
    [
      `${resnet} --learner weight-sparse --ws_prune_ratio 1.5`,
      'ws_prune_ratio',
      /^invalid: 1.5 can't be `target.sparsity`/,
    ],
    [`${resnet} --learner weight-sparse --ws_iter_ratio_end 0.01`, 'ws_iter_ratio_end', /^invalid: .*later than/],
    [`${resnet} --batch_size many`, 'batch_size', /^invalid: many can't be `training.batchSize`/],
    [`${resnet} --mobilenet_depth_mult 0.5`, 'mobilenet_depth_mult', /^invalid: `width` is for MobileNets/],
    [`${resnet} --enbl_dst`, 'enbl_dst', /^invalid: there is nothing to distil/],
  ])('%s', (line, flag, reason) => {
    configOf(line);
    expect(reasonFor(line, flag)).toMatch(reason);
  });

  it('every flag of PocketFlow is accounted for, whatever the learner', () => {
    for (const flag of pocketflowFlags) {
      for (const learner of learnerIds) {
        if (flag === 'learner' || flag === 'resnet_size') continue;
        const { kept, left, text } = migrate([resnet, '--learner', learner, `--${flag}=1`]);
        const account = [...kept, ...left].filter((entry) => entry.flag === flag);
        expect(account, `${flag} with ${learner}`).toHaveLength(1);
        expect(parseConfig(text).problems, text).toEqual([]);
      }
    }
  });

  it('the tables name flags that PocketFlow has', () => {
    const known = new Set([...pocketflowFlags, 'n']);
    const named = [...Object.keys(droppedFlags), ...flagTable().map(({ flag }) => flag)];
    expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  });

  it('says what a flag is about that is not supported yet', () => {
    expect(pendingPart('ddpg_tau')).toContain('searching');
    expect(pendingPart('nuql_opt_mode')).toContain('`non-uniform`');
  });
});

describe('command lines that no config can be made of', () => {
  it.each([
    ['--learnr channel', 'PocketFlow has no flag --learnr: did you mean --learner?'],
    ['--learner', '--learner has no value'],
    ['--learner chanel', 'PocketFlow has no learner `chanel`: did you mean `channel`?'],
    ['nets/faster_rcnn_at_pascalvoc_run.py --learner channel', 'object detection is not supported yet'],
    [`${resnet} --resnet_size 110`, 'the zoo has no model `resnet110`'],
    [`${resnet} channel`, '"channel" is neither a flag nor one of PocketFlow\'s programs'],
  ])('%s', (line, message) => {
    expect(failure(line).message).toBe(message);
  });

  it('a learner that is not here yet and has no substitute is said to be not supported', () => {
    const missing = pocketflowLearners.filter((id) => !(learnerIds as readonly string[]).includes(id));
    for (const id of missing.filter((name) => name.includes('uniform')))
      expect(failure(`--learner ${id}`).message).toBe(`the learner \`${id}\` is not supported yet`);
  });

  it('names every wrong flag at once', () => {
    expect(failure('--foo_bar 1 --learnr x').message.split('\n')).toHaveLength(2);
  });
});
