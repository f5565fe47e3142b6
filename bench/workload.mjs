// @ts-check
// What both sides train: the network, the batch and the update of the speed figures, stated once.

/** ResNet-18 on 32 x 32 images, as the paper trains it. Enough different batches that none is learnt by heart. */
export const workload = {
  classes: 10,
  width: 64,
  imageSize: 32,
  batchSize: 128,
  batches: 16,
  lr: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  seed: 0,
};
