// The coverages at which errors are reported.

/** The coverages in percent at which a run's summary has the error: those of the paper's table 7. */
export const COVERAGES = [100, 95, 90, 85, 80, 75, 70] as const;

export type Coverage = (typeof COVERAGES)[number];
