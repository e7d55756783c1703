const ownFolder =
  'a run keeps its files in a folder of its own under .pocketflow/runs; `output.directory` says where models go';
const onceAtEnd = 'the model is trained once, after all layers are pruned: `training.epochs` says how long';
const local = 'data is read from folders of this machine: mount the remote one, or copy it';
const shown = 'progress is recorded as it happens, whatever the step';

/**
 * Flags of PocketFlow that have no counterpart in a config, with what became of each: a sentence without its subject and
 * without a full stop. A flag that a key replaces is named there, in its `.meta({ replaces })`.
 */
export const droppedFlags: Readonly<Record<string, string>> = {
  exec_mode: 'a config is for training; `pocketflow evaluate MODEL` measures a model',
  debug: '`pocketflow --debug` says where errors come from',
  enbl_multi_gpu: 'runs use the cores of one machine: `compute.threads`',
  n: 'runs use the cores of one machine: `compute.threads`',
  batch_size_norm: '`training.learningRate` is the rate as it is used, and `lrn_rate_init` is converted to it',
  model_http_url: 'nothing is downloaded: name the file of a trained model in `model`',
  enbl_warm_start:
    'compression starts from trained weights anyway; those of a TensorFlow checkpoint have to be exported first, for instance to ONNX, and named in `model`',
  enbl_fused_batchnorm: 'batch norm is always fused where the executor can',
  log_dir: ownFolder,
  save_path: ownFolder,
  save_path_eval: ownFolder,
  save_path_dst: 'the original model is the teacher, or the one that `distillation.teacher` names',
  save_step: 'a run that is stopped or killed can always be resumed',
  summ_step: shown,
  data_disk: local,
  data_hdfs_host: local,
  data_dir_hdfs: local,
  nb_classes: 'the data set tells',
  nb_smpls_eval: 'the test set is measured as a whole',
  batch_size_eval: 'how many samples are measured at once changes no result, only memory',
  prefetch_size: 'batches are prepared ahead, as many as fit into 64 MB and eight at most',
  buffer_size: 'the training set is shuffled as a whole',
  cycle_length: 'images are read one by one and need no interleaving',

  cp_channel_pruned_path: ownFolder,
  cp_best_path: ownFolder,
  cp_original_path: ownFolder,
  cp_list_group: onceAtEnd,
  cp_nb_iters_ft_ratio: onceAtEnd,
  cp_prune_list_file: 'ratios of single layers are written by name under `layers`: `"conv1": { keep: 0.6 }`',

  cpg_save_path: ownFolder,
  cpg_save_path_eval: ownFolder,
  cpg_prune_ratio_file: 'ratios of single layers are written by name under `layers`: `"conv1": { keep: 0.6 }`',
  cpr_save_path: ownFolder,
  cpr_save_path_eval: ownFolder,
  cpr_save_path_ws: ownFolder,
  cpr_warm_start: 'compression starts from trained weights anyway',
  cpr_skip_op_names: 'layers to leave alone are named under `layers`: `"conv1": { skip: true }`',
  cpr_skip_frst_layer: 'to leave the first layer alone, name it under `layers` with `skip: true`',
  cpr_skip_last_layer: 'to leave the last layer alone, name it under `layers` with `skip: true`',
  cpg_skip_ht_layers: 'to leave the first and last layer alone, name them under `layers` with `skip: true`',
  dcp_save_path: ownFolder,
  dcp_save_path_eval: ownFolder,

  ws_save_path: ownFolder,

  uql_save_quant_model_path: ownFolder,
  uql_tune_save_path: ownFolder,
  uql_tune_disp_steps: shown,
  nuql_save_quant_model_path: ownFolder,
  nuql_tune_save_path: ownFolder,
  nuql_tune_disp_steps: shown,
  uqtf_save_path: ownFolder,
  uqtf_save_path_eval: ownFolder,
  uqtf_save_path_probe: ownFolder,
  uqtf_save_path_probe_eval: ownFolder,

  ddpg_record_step: shown,
};
