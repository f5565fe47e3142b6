// What sets CIFAR-10 and CIFAR-100 apart, in each of their two forms.

/** The files of one form. */
export interface CifarFiles {
  isTrain(name: string): boolean;
  readonly test: string;
  /** The file with the class names. */
  readonly classes: string;
}

export interface CifarVariant {
  readonly name: string;
  /** The class names where no file gives them. */
  readonly classes: readonly string[];
  /** The official number of training files. */
  readonly trainFiles: number;
  readonly binary: CifarFiles & {
    /** The label bytes before a record's pixels; the last of them is the class used. */
    readonly labelBytes: number;
    /** The size in bytes of each official file, for messages. */
    readonly officialSize: Readonly<Record<"train" | "test", number>>;
  };
  readonly pickles: CifarFiles & {
    /** The key of the class names in their file, and that of the labels in a batch. */
    readonly classesKey: string;
    readonly labelsKey: string;
  };
}

/** The values of an image: 3 x 32 x 32 bytes. */
export const cifarPixels = 3 * 32 * 32;

export const cifar10Variant: CifarVariant = {
  name: "cifar-10",
  classes: ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
  trainFiles: 5,
  binary: {
    isTrain: (name) => /^data_batch_\d+\.bin$/.test(name),
    test: "test_batch.bin",
    classes: "batches.meta.txt",
    labelBytes: 1,
    officialSize: { train: 30_730_000, test: 30_730_000 },
  },
  pickles: {
    isTrain: (name) => /^data_batch_\d+$/.test(name),
    test: "test_batch",
    classes: "batches.meta",
    classesKey: "label_names",
    labelsKey: "labels",
  },
};

export const cifar100Variant: CifarVariant = {
  name: "cifar-100",
  classes: Array.from({ length: 100 }, (_, i) => String(i)),
  trainFiles: 1,
  binary: {
    isTrain: (name) => name === "train.bin",
    test: "test.bin",
    classes: "fine_label_names.txt",
    labelBytes: 2,
    officialSize: { train: 153_700_000, test: 30_740_000 },
  },
  pickles: {
    isTrain: (name) => name === "train",
    test: "test",
    classes: "meta",
    classesKey: "fine_label_names",
    labelsKey: "fine_labels",
  },
};
