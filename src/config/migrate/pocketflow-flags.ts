/**
 * The flags that PocketFlow's training program knows (main.py with learners/, nets/, datasets/, utils/ and rl_agents/),
 * as anyone's scripts may hold them. Those of object detection and of the tools beside the program are not among them.
 */
const switches = `
  cp_finetune cp_lasso cp_quadruple cp_retrain
  cpg_skip_ht_layers
  cpr_skip_frst_layer cpr_skip_last_layer cpr_warm_start
  ddpg_enbl_bsln_func
  debug enbl_dst enbl_fused_batchnorm enbl_multi_gpu enbl_warm_start
  nuql_enbl_random_layers nuql_enbl_rl_agent nuql_enbl_rl_global_tune nuql_enbl_rl_layerwise_tune
  nuql_quantize_all_layers nuql_use_buckets
  uql_enbl_random_layers uql_enbl_rl_agent uql_enbl_rl_global_tune uql_enbl_rl_layerwise_tune
  uql_quantize_all_layers uql_use_buckets
  uqtf_enbl_manual_quant`;

const settings = `
  batch_size batch_size_eval batch_size_norm buffer_size cycle_length
  cp_best_path cp_channel_pruned_path cp_list_group cp_lrn_rate_ft cp_nb_batches cp_nb_iters_ft_ratio
  cp_nb_points_per_layer cp_nb_rlouts cp_nb_rlouts_min cp_noise_tolerance cp_original_path cp_preserve_ratio
  cp_prune_list_file cp_prune_option cp_reward_policy cp_uniform_preserve_ratio
  cpg_lrn_rate_adam cpg_lrn_rate_pgd_decr cpg_lrn_rate_pgd_incr cpg_lrn_rate_pgd_init cpg_nb_iters_layer
  cpg_prune_ratio cpg_prune_ratio_file cpg_prune_ratio_type cpg_save_path cpg_save_path_eval
  cpr_ista_lrn_rate cpr_ista_nb_iters cpr_lstsq_lrn_rate cpr_lstsq_nb_iters cpr_nb_crops_per_smpl cpr_nb_smpls
  cpr_prune_ratio cpr_save_path cpr_save_path_eval cpr_save_path_ws cpr_skip_op_names
  data_dir_hdfs data_dir_local data_disk data_hdfs_host
  dcp_lrn_rate_adam dcp_nb_iters_block dcp_nb_iters_layer dcp_nb_stages dcp_prune_ratio dcp_save_path
  dcp_save_path_eval
  ddpg_actor_depth ddpg_actor_width ddpg_batch_size ddpg_bsln_decy_rate ddpg_critic_depth ddpg_critic_width
  ddpg_gamma ddpg_loss_w_dcy ddpg_lrn_rate ddpg_noise_adpt_rat ddpg_noise_dst_finl ddpg_noise_prtl
  ddpg_noise_std_finl ddpg_noise_std_init ddpg_noise_type ddpg_record_step ddpg_rms_eps ddpg_tau
  exec_mode learner log_dir loss_w_dcy loss_w_dst lrn_rate_init mobilenet_depth_mult mobilenet_version
  model_http_url momentum nb_classes nb_epochs_rat nb_smpls_eval nb_smpls_train nb_smpls_val nb_threads
  nuql_activation_bits nuql_bucket_size nuql_bucket_type nuql_equivalent_bits nuql_init_style nuql_nb_rlouts
  nuql_opt_mode nuql_quant_epochs nuql_save_quant_model_path nuql_tune_disp_steps nuql_tune_global_steps
  nuql_tune_layerwise_steps nuql_tune_save_path nuql_w_bit_max nuql_w_bit_min nuql_weight_bits
  prefetch_size resnet_size save_path save_path_dst save_path_eval save_step summ_step tempr_dst
  uql_activation_bits uql_bucket_size uql_bucket_type uql_equivalent_bits uql_nb_rlouts uql_quant_epochs
  uql_save_quant_model_path uql_tune_disp_steps uql_tune_global_steps uql_tune_layerwise_steps uql_tune_save_path
  uql_w_bit_max uql_w_bit_min uql_weight_bits
  uqtf_activation_bits uqtf_freeze_bn_delay uqtf_lrn_rate_dcy uqtf_quant_delay uqtf_save_path uqtf_save_path_eval
  uqtf_save_path_probe uqtf_save_path_probe_eval uqtf_weight_bits
  ws_iter_ratio_beg ws_iter_ratio_end ws_lrn_rate_ft ws_lrn_rate_rg ws_mask_update_step ws_nb_iters_feval
  ws_nb_iters_ft ws_nb_iters_rg ws_nb_rlouts ws_nb_rlouts_min ws_prune_ratio ws_prune_ratio_exp
  ws_prune_ratio_prtl ws_reward_type ws_save_path`;

/** Flags that are true or false: `--flag`, `--noflag` and `--flag=false` are all allowed. */
export const switchFlags: ReadonlySet<string> = new Set(words(switches));

/** Every flag, without dashes. */
export const pocketflowFlags: readonly string[] = [...words(switches), ...words(settings)];

/** PocketFlow's learners and the prefix of their flags; a learner reads no flag with the prefix of another. */
const prefixes: Readonly<Record<string, string>> = {
  cp: 'channel',
  cpg: 'chn-pruned-gpu',
  cpr: 'chn-pruned-rmt',
  dcp: 'dis-chn-pruned',
  ws: 'weight-sparse',
  uql: 'uniform',
  uqtf: 'uniform-tf',
  nuql: 'non-uniform',
};

/** The learner that a flag belongs to; undefined for those that every learner reads. */
export function learnerOfFlag(flag: string): string | undefined {
  const prefix = flag.slice(0, flag.indexOf('_'));
  return Object.hasOwn(prefixes, prefix) ? prefixes[prefix] : undefined;
}

/** Ids of PocketFlow's learners. */
export const pocketflowLearners: readonly string[] = ['full-prec', ...Object.values(prefixes)];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
