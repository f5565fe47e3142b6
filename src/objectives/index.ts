// Losses and training steps, one file each; methods/ declares the options that build them.

export { type AdversarialOptions, attackDefaults, attackStepFor, pixelSpace } from "./adversarial.js";
export { type BootstrappingOptions, bootstrapping } from "./bootstrapping.js";
export { type ByolOptions, byol, risingMomentum } from "./byol.js";
export { weighClasses } from "./class-weights.js";
export { crossEntropy } from "./cross-entropy.js";
export { type DeepGamblersOptions, deepGamblers, gamblersPretraining } from "./deep-gamblers.js";
export { type DetectedStartOptions, withDetectedStart } from "./detected-start.js";
export { type EarlyLearningOptions, earlyLearning } from "./early-learning.js";
export { type FixedTargetsOptions, fixedTargets } from "./fixed-targets.js";
export { type ForwardCorrectionOptions, forwardCorrection } from "./forward-correction.js";
export { type GeneralizedCrossEntropyOptions, generalizedCrossEntropy } from "./generalized-cross-entropy.js";
export { type Indices, toIndices } from "./indices.js";
export { type LabelSmoothingOptions, labelSmoothing } from "./label-smoothing.js";
export type { MixingOptions } from "./mixing.js";
export { type MixupOptions, mixup } from "./mixup.js";
export { type MocoOptions, moco } from "./moco.js";
export { pgdTraining } from "./pgd-training.js";
export { emaTargetNetwork, frozenTargetNetwork, type TargetNetwork } from "./representations.js";
export { type OwnedState, ownedState } from "./sample-state/owned-state.js";
export { localState, type SampleRows, type SampleState } from "./sample-state/sample-state.js";
export { type SampleTargets, type SampleTargetsOptions, sampleTargets } from "./sample-targets.js";
export { type SelectiveNetOptions, selectiveNet } from "./selective-net.js";
export { type SelectiveSelfAdaptiveOptions, selectiveSelfAdaptive } from "./selective-self-adaptive.js";
export { type LossWithTargets, type SelfAdaptiveOptions, selfAdaptive } from "./self-adaptive.js";
export { withMixedImages } from "./self-adaptive-mixed.js";
export { type SelfAdaptivePlusOptions, selfAdaptivePlus } from "./self-adaptive-plus.js";
export {
  type SelfAdaptiveRepresentationsOptions,
  selfAdaptiveRepresentations,
} from "./self-adaptive-representations.js";
export { simClr } from "./simclr.js";
export { simSiam } from "./simsiam.js";
export { type SparseOverParameterizationOptions, sparseOverParameterization } from "./sparse-over-parameterization.js";
export { networkForward, takeStep } from "./step.js";
export { type SymmetricCrossEntropyOptions, symmetricCrossEntropy } from "./symmetric-cross-entropy.js";
export { type TradesOptions, trades } from "./trades.js";
export type {
  Batch,
  Forward,
  LossObjective,
  Mean,
  Objective,
  Step,
  StepObjective,
  TrainingBatch,
} from "./types.js";
