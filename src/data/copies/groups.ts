// Groups of samples that pairs connect.

/** The connected sets of two samples or more, each ascending, in the order of their first samples (union-find). */
export function groupsOf(
  samples: number,
  pairs: Iterable<{ readonly first: number; readonly second: number }>,
): number[][] {
  const parents = Int32Array.from({ length: samples }, (_, i) => i);
  const rootOf = (sample: number) => {
    let root = sample;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  for (const { first, second } of pairs) {
    const [a, b] = [rootOf(first), rootOf(second)];
    parents[Math.max(a, b)] = Math.min(a, b);
  }
  const members = new Map<number, number[]>();
  for (let i = 0; i < samples; i++) {
    const root = rootOf(i);
    const group = members.get(root);
    if (group === undefined) members.set(root, [i]);
    else group.push(i);
  }
  return [...members.values()].filter((group) => group.length > 1);
}
