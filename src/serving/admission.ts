// Admission control: counts the samples that are accepted and not yet predicted, up to a limit.

export interface Admission {
  readonly limit: number;
  /** How many are in. */
  readonly count: number;
  /** Lets one in. Null where that is one too many. */
  enter(): Ticket | null;
}

/** A request's share of what is in. */
export interface Ticket {
  /** Lets so many more in, all or none. */
  add(samples: number): boolean;
  /** Gives the share back; once is enough. */
  leave(): void;
}

export function createAdmission(limit: number): Admission {
  let count = 0;
  return {
    limit,
    get count() {
      return count;
    },
    enter() {
      let held = 0;
      const ticket: Ticket = {
        add(samples) {
          if (count + samples > limit) return false;
          count += samples;
          held += samples;
          return true;
        },
        leave() {
          count -= held;
          held = 0;
        },
      };
      return ticket.add(1) ? ticket : null;
    },
  };
}
