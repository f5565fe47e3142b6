// The samples of each class.

/** The positions of each class's samples, ascending: labels (n) -> one list a class; a sample labeled -1 is in none. */
export function membersOf(labels: Int32Array, classes: number): number[][] {
  const members: number[][] = Array.from({ length: classes }, () => []);
  labels.forEach((label, i) => {
    members[label]?.push(i);
  });
  return members;
}
