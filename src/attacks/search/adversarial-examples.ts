// What a batch of attacks finds.

/** The adversarial examples of a batch. */
export interface AdversarialExamples {
  /** Positions in the state's lists. */
  readonly positions: readonly number[];
  /** The predicted class of each adversarial example. */
  readonly predictions: readonly number[];
  /** Pixels of each image, clean and attacked. */
  readonly clean: readonly Float32Array[];
  readonly attacked: readonly Float32Array[];
}
