// What a rank tells the launcher that started it.

/** The exit status, once the reason is logged, or the command that resumes the run. */
export type RankMessage = { readonly failed: number } | { readonly resume: string };

/** Says nothing in a process that no launcher started. */
export const tellLauncher = (message: RankMessage) => void process.send?.(message);
