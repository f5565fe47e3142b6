// Lists of names in one line.

/** The first names of a list, and how many there are beyond them. */
export function listed(names: readonly string[], most = 10): string {
  const first = names.slice(0, most).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** A line on what was left out of a data set, or none where that is nothing. */
export function leftOut(what: string, names: readonly string[], count = names.length): string[] {
  return count === 0 ? [] : [`left out: ${what} (${count}): ${listed(names, 3)}`];
}
